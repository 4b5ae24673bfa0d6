namespace Containerd.Snapshots.Storage;

/// <summary>What a <see cref="SnapshotStore"/> can be told when it is opened.</summary>
public sealed record SnapshotStoreOptions
{
    // More than a snapshotter can come to, and enough below what SQLite and .NET can count to.
    internal const long MaxNumber = 1L << 53;

    /// <summary>The clock of CreatedAt and UpdatedAt, and of how often more is made ahead.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// The highest number that is in use outside the store, such as by a directory that was found on disk; 0 for none.
    /// Numbers up to it are not handed out: after a restored backup the store knows less than the disk has. At most 2 to the
    /// power of 53.
    /// </summary>
    public long LastNumber { get; init; }

    /// <summary>
    /// Makes whatever new snapshots have under these numbers, durably, before anyone asks for them; null if there is
    /// nothing to be made that early. It runs in the background, after a snapshot was created, and what it has made is for
    /// the <c>make</c> of a later <see cref="SnapshotStore.CreateAsync"/> to find. The numbers are in use until
    /// <see cref="SnapshotStore.GiveUpAheadAsync"/>. If it fails, it has to leave nothing, and new snapshots are created as if
    /// there were none of it.
    /// </summary>
    public Func<IReadOnlyList<long>, Task>? MakeAhead { get; init; }
}
