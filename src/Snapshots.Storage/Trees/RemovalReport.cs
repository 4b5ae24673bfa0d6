namespace Containerd.Snapshots.Storage;

/// <summary>The result of a removal.</summary>
/// <param name="Freed">The freed bytes and inodes. A file with several hard links counts when its last one is removed.</param>
/// <param name="FailureCount">How many entries could not be removed, without the directories above them, which must stay.</param>
/// <param name="Failures">The first 100 of these entries.</param>
public sealed record RemovalReport(SnapshotUsage Freed, long FailureCount, IReadOnlyList<RemovalFailure> Failures)
{
    /// <summary>Everything was removed; the freed space is not known.</summary>
    internal static RemovalReport Complete { get; } = new(new(0, 0), 0, []);

    /// <summary>Whether everything was removed.</summary>
    public bool IsComplete => FailureCount == 0;
}

/// <summary>An entry that could not be removed.</summary>
/// <param name="Path">
/// The path from the directory of all snapshots, such as <c>12/fs/etc/passwd</c>. Bytes that are not printable, or not UTF-8,
/// are written as <c>\xNN</c>. A path of more than 1000 characters is shortened in the middle.
/// </param>
/// <param name="Reason">The reason, and the remedy if it is known.</param>
public sealed record RemovalFailure(string Path, string Reason)
{
    /// <summary>The path and the reason, for a log.</summary>
    public override string ToString() => $"\"{Path}\": {Reason}";
}
