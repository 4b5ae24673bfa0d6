using System;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>What a call is answered with. There is one instance of each: they are equal by reference.</summary>
internal sealed class Payload
{
    private readonly Func<KnownTypes, ITypeSymbol?> _written;
    private readonly Func<ITypeSymbol, bool, KnownTypes, bool> _accepts;

    private Payload(string text, string asyncText, Func<KnownTypes, ITypeSymbol?> written, Func<ITypeSymbol, bool, KnownTypes, bool> accepts)
    {
        Text = text;
        AsyncText = asyncText;
        _written = written;
        _accepts = accepts;
    }

    /// <summary>Nothing: the call succeeds or fails.</summary>
    public static Payload None { get; } = new(
        "nothing, Task, ValueTask, or SnapshotResult (also in Task or ValueTask)", "Task", _ => null, (_, _, _) => false);

    /// <summary>The information about a snapshot; null means that it does not exist.</summary>
    public static Payload Info { get; } = OfType("SnapshotInfo", known => known.Info);

    /// <summary>The disk usage of a snapshot; null means that it does not exist.</summary>
    public static Payload Usage { get; } = OfType("SnapshotUsage", known => known.Usage);

    /// <summary>The mounts of a snapshot; null means that it does not exist.</summary>
    public static Payload Mounts { get; } = OfMounts(nullIsNotFound: true);

    /// <summary>The mounts of a snapshot that the call creates: never null.</summary>
    public static Payload NewMounts { get; } = OfMounts(nullIsNotFound: false);

    /// <summary>The information about several snapshots.</summary>
    public static Payload Infos { get; } = new(
        "IEnumerable<SnapshotInfo> (also in Task or ValueTask, and as SnapshotResult) or IAsyncEnumerable<SnapshotInfo>",
        "IAsyncEnumerable<SnapshotInfo>",
        known => known.Infos,
        (type, isInTask, known) => KnownTypes.IsOrImplements(type, known.Infos) != (!isInTask && KnownTypes.IsOrImplements(type, known.AsyncInfos)))
    {
        IsNeverNull = true,
    };

    /// <summary>What a method can return, for messages.</summary>
    public string Text { get; }

    /// <summary>What an async method can return, for messages.</summary>
    public string AsyncText { get; }

    /// <summary>Whether null, if the declared type allows it, means that the snapshot does not exist.</summary>
    public bool NullIsNotFound { get; private init; }

    /// <summary>Whether there is always an answer, so that null is a mistake.</summary>
    public bool IsNeverNull { get; private init; }

    /// <summary>The type that fixes write; null for no payload.</summary>
    public ITypeSymbol? WrittenType(KnownTypes known) => _written(known);

    /// <summary>Whether a method can return a type. A task and a result around it are removed before.</summary>
    public bool Accepts(ITypeSymbol type, bool isInTask, KnownTypes known) => _accepts(type, isInTask, known);

    private static Payload OfType(string name, Func<KnownTypes, ITypeSymbol?> type) =>
        new(Wrapped(name), $"Task<{name}>", type, (returned, _, known) => KnownTypes.AreSame(returned, type(known))) { NullIsNotFound = true };

    private static Payload OfMounts(bool nullIsNotFound) => new(
        Wrapped("IReadOnlyList<Mount>, another IEnumerable<Mount> or one Mount"),
        "Task<IReadOnlyList<Mount>>",
        known => known.Mount is { } mount ? (known.StringList?.OriginalDefinition as INamedTypeSymbol)?.Construct(mount) : null,
        (type, _, known) => KnownTypes.AreSame(type, known.Mount) || KnownTypes.IsOrImplements(type, known.Mounts))
    {
        NullIsNotFound = nullIsNotFound,
        IsNeverNull = !nullIsNotFound,
    };

    private static string Wrapped(string types) => $"{types} (also in Task or ValueTask, and as SnapshotResult)";
}
