namespace Containerd.Snapshots.Overlay;

/// <summary>What a pass over all directories has done.</summary>
/// <param name="Removed">How many snapshots' directories are gone.</param>
/// <param name="Freed">What that has freed, with the parts of directories that are not gone wholly.</param>
/// <param name="Failures">What could not be removed, up to a hundred entries a directory; the next pass tries again.</param>
/// <param name="ForeignNames">Names that no snapshot has; they are left alone.</param>
public sealed record SweepReport(
    int Removed,
    SnapshotUsage Freed,
    IReadOnlyList<RemovalFailure> Failures,
    IReadOnlyList<string> ForeignNames);
