namespace Containerd.Snapshots.Overlay;

/// <summary>The content of <c>ROOT/snapshots</c>.</summary>
/// <param name="Numbers">The numbers of the snapshots that have a directory, in no order.</param>
/// <param name="ForeignNames">
/// Names that are not a snapshot's; this package leaves them alone. Bytes that are not printable are written as <c>\xNN</c>.
/// </param>
public sealed record DirectoryListing(IReadOnlyList<long> Numbers, IReadOnlyList<string> ForeignNames);
