using System.Collections.Immutable;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>The calls that the author intends to answer, well-formed or not.</summary>
internal readonly struct CallSet(ImmutableHashSet<SnapshotterCall> calls)
{
    public static CallSet Empty { get; } = new(ImmutableHashSet<SnapshotterCall>.Empty);

    public bool IsEmpty => calls.IsEmpty;

    public bool Has(SnapshotterCall call) => calls.Contains(call);

    public CallSet With(SnapshotterCall call) => new(calls.Add(call));
}
