namespace Containerd.Snapshots.Overlay;

/// <summary>The result of a cleanup.</summary>
/// <param name="Removed">How many snapshots' directories were removed completely.</param>
/// <param name="Freed">The freed bytes and inodes, including those of directories that were removed in part.</param>
/// <param name="Failures">The entries that could not be removed, up to 100 for each directory; the next cleanup tries again.</param>
/// <param name="ForeignNames">Names in the directory of all snapshots that are not a snapshot's; they stay.</param>
public sealed record SweepReport(
    int Removed,
    SnapshotUsage Freed,
    IReadOnlyList<RemovalFailure> Failures,
    IReadOnlyList<string> ForeignNames);
