using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Storage.Sweeping;

/// <summary>Removes content that is not in use, and logs each problem once. Not thread-safe.</summary>
internal sealed class Sweep(ISnapshotContent content, Func<long, bool> isInUse, ILogger logger, CancellationToken stopping)
{
    private readonly HashSet<long> _knownLeft = [];
    private readonly HashSet<string> _knownForeign = [];

    /// <summary>Removes content; returns null if it is in use.</summary>
    public RemovalReport? One(long number)
    {
        if (isInUse(number))
            return null;

        // This thread is the sweeper's own, so it may wait here.
        var report = content.RemoveAsync(number, stopping).AsTask().GetAwaiter().GetResult() ?? RemovalReport.Complete;
        Log(number, report);
        return report;
    }

    /// <summary>Removes all content that is not in use.</summary>
    /// <param name="sync">
    /// Makes removals of snapshots durable. Called when it is known what is garbage, so that it covers the removal of each
    /// snapshot whose content is removed.
    /// </param>
    /// <exception cref="SnapshotterException">Unavailable: the content cannot be reached now.</exception>
    public SweepReport All(Action sync)
    {
        var listing = content.List();
        var (removed, bytes, inodes) = (0, 0L, 0L);
        List<RemovalFailure> failures = [];

        foreach (var name in listing.ForeignNames.Where(_knownForeign.Add))
            SweepLog.Foreign(logger, name);

        List<long> garbage = [.. listing.Numbers.Where(number => Attempt(number, failures, () => !isInUse(number)))];
        if (garbage.Count > 0)
            sync();

        foreach (var number in garbage)
        {
            stopping.ThrowIfCancellationRequested();
            if (Attempt(number, failures, () => One(number)) is not { } report)
                continue;

            removed += report.IsComplete ? 1 : 0;
            bytes += report.Freed.Size;
            inodes += report.Freed.Inodes;
            failures.AddRange(report.Failures);
        }

        return new(removed, new(bytes, inodes), failures, listing.ForeignNames);
    }

    /// <summary>Whether no other content can be removed either.</summary>
    public static bool IsUnreachable(Exception exception) => exception is SnapshotterException { Error: SnapshotterError.Unavailable };

    private T? Attempt<T>(long number, List<RemovalFailure> failures, Func<T?> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested && !IsUnreachable(exception))
        {
            if (_knownLeft.Add(number))
                SweepLog.Failed(logger, number, exception);
            failures.Add(new($"{number}", exception.Message));
            return default;
        }
    }

    private void Log(long number, RemovalReport report)
    {
        if (report.IsComplete)
            _knownLeft.Remove(number);
        else if (_knownLeft.Add(number))
            SweepLog.Left(logger, number, report.FailureCount, report.Failures.FirstOrDefault());

        if (report.IsComplete && report.Freed.Inodes > 0)
            SweepLog.Removed(logger, number, report.Freed.Size, report.Freed.Inodes);
    }
}
