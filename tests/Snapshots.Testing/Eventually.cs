using System.Diagnostics;

namespace Containerd.Snapshots.Tests;

/// <summary>Waits for the thing itself, with a limit.</summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30), Interval = TimeSpan.FromMilliseconds(5);

    /// <summary>Asks again until the answer is yes; fails after 30 seconds.</summary>
    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(() => Task.FromResult(condition()), what);

    /// <inheritdoc cref="TrueAsync(Func{bool}, string)"/>
    public static Task TrueAsync(Func<Task<bool>> condition, string what) => TrueAsync(condition, what, Limit);

    /// <summary>Asks again until the answer is yes; fails after a time that is longer, for what takes longer by its nature.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan limit)
    {
        using var timer = new PeriodicTimer(Interval);
        for (var started = Stopwatch.GetTimestamp(); !await condition(); await timer.WaitForNextTickAsync())
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
                throw new AssertionException($"Waited {limit.TotalSeconds:0} seconds in vain: {what}.");
        }
    }

    /// <summary>Waits until a count has not changed for a while.</summary>
    public static async Task StandsStillAsync(Func<int> count)
    {
        var (last, ticks) = (count(), 0);
        await TrueAsync(
            () =>
            {
                ticks = count() == last ? ticks + 1 : 0;
                last = count();
                return ticks == 100;
            },
            "a count stands still");
    }

    /// <summary>Waits for a task that something else completes, with a limit.</summary>
    public static Task<T> Within<T>(Task<T> task) => task.WaitAsync(Limit);

    /// <inheritdoc cref="Within{T}(Task{T})"/>
    public static Task Within(Task task) => task.WaitAsync(Limit);
}
