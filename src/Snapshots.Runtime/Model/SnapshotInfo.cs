using Containerd.Snapshots.Runtime.Model;

namespace Containerd.Snapshots;

/// <summary>
/// What containerd knows of a snapshot: the answer of Stat, an element of Walk, the argument of Update.
/// Immutable; two infos are equal when all their values are, labels included.
/// </summary>
public sealed record SnapshotInfo
{
    private readonly string _name = "";
    private readonly string _parent = "";
    private readonly DateTimeOffset _createdAt;
    private readonly DateTimeOffset _updatedAt;
    private readonly ValueDictionary _labels = ValueDictionary.Empty;

    /// <summary>The key of an active snapshot or a view, the name of a committed one. Opaque: never parse it.</summary>
    public required string Name
    {
        get => _name;
        init => _name = value ?? throw new ArgumentNullException(nameof(Name));
    }

    /// <summary>Whether the snapshot is active, a view or committed.</summary>
    public required SnapshotKind Kind { get; init; }

    /// <summary>The name of the committed snapshot below this one; empty if there is none.</summary>
    public string Parent
    {
        get => _parent;
        init => _parent = value ?? throw new ArgumentNullException(nameof(Parent));
    }

    /// <summary>
    /// When the snapshot was created, in UTC; Commit sets it anew. The default, in year 1, means that it is not
    /// told, as in the argument of Update.
    /// </summary>
    public DateTimeOffset CreatedAt
    {
        get => _createdAt;
        init => _createdAt = value.ToUniversalTime();
    }

    /// <summary>When the snapshot was last committed or updated, in UTC. The default means that it is not told.</summary>
    public DateTimeOffset UpdatedAt
    {
        get => _updatedAt;
        init => _updatedAt = value.ToUniversalTime();
    }

    /// <summary>
    /// The labels, by key; empty if there are none. What is set here is copied. See <see cref="SnapshotLabels"/>
    /// for the keys that containerd itself uses.
    /// </summary>
    public IReadOnlyDictionary<string, string> Labels
    {
        get => _labels;
        init => _labels = ValueDictionary.Of(value ?? throw new ArgumentNullException(nameof(Labels)));
    }

    /// <summary>The labels, for those who go through them without an enumerator of their own.</summary>
    internal ValueDictionary LabelValues => _labels;
}
