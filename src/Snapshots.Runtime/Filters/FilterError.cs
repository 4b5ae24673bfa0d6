namespace Containerd.Snapshots.Runtime.Filters;

/// <summary>What is wrong with a filter.</summary>
/// <param name="Position">Where, as an index into the filter.</param>
/// <param name="Reason">What.</param>
internal readonly record struct FilterError(int Position, string Reason);
