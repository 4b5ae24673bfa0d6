using System.Diagnostics.CodeAnalysis;
using Containerd.Snapshots.CompilerServices;

namespace Containerd.Snapshots.Runtime.Calls;

/// <summary>
/// The snapshotters behind one socket, by the name that containerd's configuration gives them. One without a name is
/// alone, and answers whatever name the operator has chosen.
/// </summary>
internal sealed class SnapshotterRouter
{
    private readonly SortedDictionary<string, SnapshotterService> _named = new(StringComparer.Ordinal);
    private SnapshotterService? _only;

    /// <summary>The names, in order; none for a snapshotter without one.</summary>
    public IReadOnlyCollection<string> Names => _named.Keys;

    public void Add(string? name, SnapshotterService service)
    {
        if (_only is not null || (name is null && _named.Count > 0))
            throw new InvalidOperationException("A snapshotter without a name answers every name: give each a name, to have several.");

        if (name is null)
            _only = service;
        else if (name.Length == 0)
            throw new ArgumentException("A snapshotter's name is empty: give the one of containerd's configuration.", nameof(name));
        else if (!_named.TryAdd(name, service))
            throw new InvalidOperationException($"Two snapshotters have the name \"{name}\".");
    }

    public bool TryFind(string name, [NotNullWhen(true)] out SnapshotterService? service)
    {
        service = _only;
        return service is not null || _named.TryGetValue(name, out service);
    }
}
