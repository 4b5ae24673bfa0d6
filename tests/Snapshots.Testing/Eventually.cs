using System.Diagnostics;

namespace Containerd.Snapshots.Tests;

/// <summary>Waits until a condition holds, with a limit.</summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30), Interval = TimeSpan.FromMilliseconds(5);

    /// <summary>Checks a condition until it holds; fails after 30 seconds.</summary>
    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(() => Task.FromResult(condition()), what);

    /// <inheritdoc cref="TrueAsync(Func{bool}, string)"/>
    public static Task TrueAsync(Func<Task<bool>> condition, string what) => TrueAsync(condition, what, Limit);

    /// <summary>Checks a condition until it holds; fails after the given limit.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan limit)
    {
        using var timer = new PeriodicTimer(Interval);
        for (var started = Stopwatch.GetTimestamp(); !await condition(); await timer.WaitForNextTickAsync())
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
                throw new AssertionException($"Not true within {limit.TotalSeconds:0} seconds: {what}.");
        }
    }

    /// <summary>Waits until a count has not changed for 100 checks, half a second.</summary>
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

    /// <summary>Waits for a task, at most 30 seconds.</summary>
    public static Task<T> Within<T>(Task<T> task) => task.WaitAsync(Limit);

    /// <inheritdoc cref="Within{T}(Task{T})"/>
    public static Task Within(Task task) => task.WaitAsync(Limit);
}
