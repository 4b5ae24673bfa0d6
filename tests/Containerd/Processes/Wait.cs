using System.Diagnostics;

namespace Containerd.Snapshots.Tests.Containerd;

/// <summary>Waits for the thing itself, with a limit.</summary>
internal static class Wait
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks again until the answer is yes; fails after 30 seconds.</summary>
    public static Task UntilAsync(string what, Func<bool> condition) =>
        UntilAsync(what, () => Task.FromResult(condition()));

    /// <inheritdoc cref="UntilAsync(string, Func{bool})"/>
    public static async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > Limit)
                throw new AssertionException($"Gave up after {Limit.TotalSeconds:0} seconds: {what}.");

            await Task.Delay(Interval);
        }
    }
}
