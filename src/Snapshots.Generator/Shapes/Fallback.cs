using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>The member of a class that answers the calls which the class lacks.</summary>
/// <param name="Member">A field or a property.</param>
/// <param name="Type">The member's type.</param>
/// <param name="IsSnapshotter">Whether the type is marked itself: it then gets all calls that the class lacks.</param>
/// <param name="Calls">How the methods of any other type answer those calls.</param>
/// <param name="Lacking">The calls that the class lacks.</param>
internal sealed record Fallback(
    ISymbol Member, INamedTypeSymbol Type, bool IsSnapshotter, ImmutableArray<CallShape> Calls, ImmutableArray<SnapshotterCall> Lacking)
{
    /// <summary>The calls that go to the member.</summary>
    public ImmutableArray<SnapshotterCall> Answered => IsSnapshotter ? Lacking : [.. Calls.Select(shape => shape.Call)];
}

/// <summary>What was found when a class was searched for a fallback.</summary>
/// <param name="Fallback">The fallback, or null if there is none, or none that works.</param>
/// <param name="Flaws">What is wrong with it.</param>
/// <param name="IsBroken">Whether the author intends to have one, and it does not work.</param>
internal sealed record FoundFallback(Fallback? Fallback, ImmutableArray<Flaw> Flaws, bool IsBroken = false)
{
    public static FoundFallback Nothing { get; } = new(null, []);
}
