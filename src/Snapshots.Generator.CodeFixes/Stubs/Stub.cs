using System.Collections.Generic;
using System.Linq;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.CodeFixes.Stubs;

/// <summary>A stub of a call: a method of the call's name, or with the suffix <c>Async</c> where the class has something else of that name.</summary>
internal sealed record Stub(SnapshotterCall Call, string Name, IReadOnlyList<(ITypeSymbol Type, string Name)> Parameters)
{
    public bool IsAsync => Name != Call.Name;

    /// <summary>The stubs that can be written in a class; none for a call both of whose names are taken.</summary>
    public static IEnumerable<Stub> Of(IEnumerable<SnapshotterCall> calls, INamedTypeSymbol type, KnownTypes known) =>
        calls.Select(call => Of(call, type, known)).OfType<Stub>();

    private static Stub? Of(SnapshotterCall call, INamedTypeSymbol type, KnownTypes known)
    {
        var parameters = call.Parameters
            .Where(each => !each.IsFilter || each == call.Parameters[0]) // One form of the filter.
            .Select(each => (each.Type.In(known)!, each.Name))
            .ToList();

        return new[] { call.Name, call.Name + "Async" }.FirstOrDefault(name => IsFree(name, parameters, type)) is { } free ? new(call, free, parameters) : null;
    }

    private static bool IsFree(string name, List<(ITypeSymbol Type, string Name)> parameters, INamedTypeSymbol type) =>
        name != type.Name
        && type.TypeParameters.All(each => each.Name != name)
        && type.BaseTypes().All(each => each.GetMembers(name).All(member => member.DeclaredAccessibility == Accessibility.Private || member.IsOverride))
        && type.GetMembers(name).All(each => each is IMethodSymbol method && !Takes(method, parameters));

    private static bool Takes(IMethodSymbol method, List<(ITypeSymbol Type, string Name)> parameters) =>
        method.Parameters.Select(each => each.Type).SequenceEqual(parameters.Select(each => each.Type), SymbolEqualityComparer.Default);
}
