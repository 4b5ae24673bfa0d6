namespace Containerd.Snapshots.Erofs;

/// <summary>What a file of any type has beside its content.</summary>
/// <param name="Mode">The permissions, with set-user-ID, set-group-ID and sticky bit: 12 bits. Others are ignored.</param>
/// <param name="UserId">The owner's number.</param>
/// <param name="GroupId">The group's number.</param>
/// <param name="ModifiedAt">The time of the last change, in seconds since 1970.</param>
/// <param name="Nanoseconds">The nanoseconds of that time, below 1,000,000,000.</param>
public readonly record struct ErofsAttributes(int Mode, uint UserId, uint GroupId, long ModifiedAt, uint Nanoseconds = 0)
{
    /// <summary>
    /// The extended attributes, with their names in full, such as <c>security.capability</c>; null or empty for none. Names
    /// that EROFS cannot store are ignored: it stores <c>user.</c>, <c>trusted.</c>, <c>security.</c> and POSIX ACLs.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, byte[]>>? ExtendedAttributes { get; init; }
}
