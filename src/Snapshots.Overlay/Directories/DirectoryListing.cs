namespace Containerd.Snapshots.Overlay;

/// <summary>What is in the directory of all snapshots.</summary>
/// <param name="Numbers">The numbers of snapshots that have a directory, in no order.</param>
/// <param name="ForeignNames">
/// Names that no snapshot has, and nobody here has made: they are left alone. What is not printable is written as
/// <c>\xNN</c>.
/// </param>
public sealed record DirectoryListing(IReadOnlyList<long> Numbers, IReadOnlyList<string> ForeignNames);
