namespace Containerd.Snapshots.Overlay;

/// <summary>What a removal has done.</summary>
/// <param name="Freed">
/// What was freed: the bytes allocated, and the inodes. A file with several links counts when its last one goes.
/// </param>
/// <param name="FailureCount">How many entries could not be removed. Directories above them, which have to stay, are not counted.</param>
/// <param name="Failures">The first hundred of them.</param>
public sealed record RemovalReport(SnapshotUsage Freed, long FailureCount, IReadOnlyList<RemovalFailure> Failures)
{
    /// <summary>Whether nothing is left.</summary>
    public bool IsComplete => FailureCount == 0;
}

/// <summary>Something that could not be removed.</summary>
/// <param name="Path">
/// Where it is, from the directory of all snapshots: <c>12/fs/etc/passwd</c>. What is not printable, or not UTF-8, is
/// written as <c>\xNN</c>; the middle of a very long path is left out.
/// </param>
/// <param name="Reason">Why, and where that is known, what to do about it.</param>
public sealed record RemovalFailure(string Path, string Reason)
{
    /// <summary>Both, as a log shows them.</summary>
    public override string ToString() => $"\"{Path}\": {Reason}";
}
