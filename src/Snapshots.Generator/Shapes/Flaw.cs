using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>Something that is wrong with a snapshotter: the rule, the place, and what the message needs to know.</summary>
internal sealed class Flaw(DiagnosticDescriptor rule, Location location, params object[] arguments)
{
    public DiagnosticDescriptor Rule { get; } = rule;

    public Location Location { get; } = location;

    /// <summary>What a fix needs to know, by <see cref="FlawProperty"/>.</summary>
    public ImmutableDictionary<string, string?> Properties { get; init; } = ImmutableDictionary<string, string?>.Empty;

    public Diagnostic ToDiagnostic() => Diagnostic.Create(Rule, Location, Properties, arguments);
}
