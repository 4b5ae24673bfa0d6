using Containerd.Snapshots.Erofs;

namespace Samples.Lazy.Reporting;

/// <summary>What happened to all lazy layers since the program started, those that were removed included.</summary>
internal readonly record struct LazyTotals(
    long Hits, long Waits, long WaitedBytes, TimeSpan WaitedTime, long FailedReads, long ReadBytes, long AheadBytes, long BackgroundBytes, long WrongChunks, long UnstoredChunks)
{
    public LazyTotals With(in LazyImageCounters image) => new(
        Hits + image.Hits,
        Waits + image.Waits,
        WaitedBytes + image.WaitedBytes,
        WaitedTime + image.WaitedTime,
        FailedReads + image.FailedReads,
        ReadBytes + image.ReadBytes,
        AheadBytes + image.AheadBytes,
        BackgroundBytes + image.BackgroundBytes,
        WrongChunks + image.WrongChunks,
        UnstoredChunks + image.UnstoredChunks);
}
