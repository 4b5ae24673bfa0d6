namespace Containerd.Snapshots.Storage;

/// <summary>The options of a <see cref="SnapshotStore"/>.</summary>
public sealed record SnapshotStoreOptions
{
    // More than a snapshotter ever needs, and far below the limits of SQLite and .NET.
    internal const long MaxNumber = 1L << 53;

    /// <summary>
    /// The clock for CreatedAt and UpdatedAt, for the sync of removals, and for the pace of <see cref="MakeAhead"/>; the
    /// system's by default.
    /// </summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// The highest number in use outside the store, such as that of a directory on disk; 0 for none, at most 2^53. The store
    /// does not hand out numbers up to it: after a restored backup, the disk can have higher numbers than the store. Above 0,
    /// a store whose file is missing is not opened, unless <see cref="BeginAnew"/>.
    /// </summary>
    public long LastNumber { get; init; }

    /// <summary>
    /// Whether to create a store whose file is missing or empty although <see cref="LastNumber"/> shows that there is
    /// content; false by default. The content that is there becomes garbage.
    /// </summary>
    public bool BeginAnew { get; init; }

    /// <summary>
    /// Makes the content of later snapshots ahead, durably, under the numbers that it gets; null (the default) to make
    /// nothing ahead. It runs in the background after a snapshot was created. The <c>make</c> of a later
    /// <see cref="SnapshotStore.CreateAsync"/> finds the content under the snapshot's number. The numbers are in use until
    /// <see cref="SnapshotStore.GiveUpAheadAsync"/>. If it fails, it must leave nothing behind; the store ignores the failure.
    /// </summary>
    public Func<IReadOnlyList<long>, Task>? MakeAhead { get; init; }
}
