namespace Containerd.Snapshots.Storage;

/// <summary>The options of a <see cref="StoredSnapshotter"/>.</summary>
public sealed record StoredSnapshotterOptions
{
    /// <summary>The clock for CreatedAt and UpdatedAt; the system's by default.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Whether to begin with an empty store although there is content of snapshots; false by default. All content is then
    /// removed as garbage.
    /// </summary>
    public bool BeginAnew { get; init; }

    /// <summary>
    /// Names in the root directory that belong to the content, in addition to <c>snapshots</c>: no warning takes them for files
    /// of something else. None by default.
    /// </summary>
    public IReadOnlyCollection<string> OwnNames { get; init; } = [];
}
