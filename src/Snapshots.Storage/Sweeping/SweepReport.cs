namespace Containerd.Snapshots.Storage.Sweeping;

/// <summary>The result of a cleanup.</summary>
/// <param name="Removed">The number of removed snapshots whose content was removed completely.</param>
/// <param name="Freed">The freed bytes and inodes, including those of content that was removed in part.</param>
/// <param name="Failures">The entries that could not be removed, up to 100 for each number; the next cleanup tries again.</param>
/// <param name="ForeignNames">Names that are not a snapshot's; they stay.</param>
internal sealed record SweepReport(
    int Removed,
    SnapshotUsage Freed,
    IReadOnlyList<RemovalFailure> Failures,
    IReadOnlyCollection<string> ForeignNames);
