namespace Containerd.Snapshots.Storage;

/// <summary>What a <see cref="SnapshotStore"/> can be told when it is opened.</summary>
public sealed record SnapshotStoreOptions
{
    /// <summary>The clock of CreatedAt and UpdatedAt.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// The highest number that is in use outside the store, such as by a directory that was found on disk; 0 for none.
    /// Numbers up to it are not handed out: after a restored backup the store knows less than the disk has.
    /// </summary>
    public long LastNumber { get; init; }
}
