using System;
using System.Collections.Generic;
using System.Linq;
using Containerd.Snapshots.Generator.Rules;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>
/// Finds methods that look like misnamed calls: each would answer a call that no other method answers.
/// </summary>
internal static class SlipFinder
{
    private static readonly Dictionary<string, SnapshotterCall> Synonyms = CallTable.Calls
        .SelectMany(call => call.Synonyms.Select(synonym => (synonym, call)))
        .ToDictionary(each => each.synonym, each => each.call, StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<(SnapshotterCall Call, Flaw Flaw)> Find(INamedTypeSymbol type, CallSet meant, KnownTypes known)
    {
        foreach (var method in type.GetMembers().OfType<IMethodSymbol>().Where(IsPublicMethod))
        {
            var name = SnapshotterCall.WithoutSuffix(method.Name);
            if (CallMeantBy(name) is not { } call || meant.Has(call) || !CouldAnswer(method, call, type, known))
                continue;

            meant = meant.With(call);
            var better = call.Name + method.Name.Substring(name.Length);
            yield return (call, new(Rule.LikelySlip, Place.Of(method, type), method.Name, call.Name, better) { Properties = FlawProperty.OfName(better) });
        }
    }

    private static bool IsPublicMethod(IMethodSymbol method) =>
        method is { MethodKind: MethodKind.Ordinary, DeclaredAccessibility: Accessibility.Public, IsStatic: false, IsOverride: false };

    private static SnapshotterCall? CallMeantBy(string name) => Synonyms.TryGetValue(name, out var call)
        ? call
        : CallTable.Calls.FirstOrDefault(each => Spelling.IsNear(name, each.Name));

    /// <summary>A method that takes no parameter of the call fits it by accident.</summary>
    private static bool CouldAnswer(IMethodSymbol method, SnapshotterCall call, INamedTypeSymbol type, KnownTypes known) =>
        MethodForm.Of(method, call, type, known).Shape is { } shape
            && (call.Parameters.All(each => each.IsFilter) || shape.Arguments.Any(call.Parameters.Contains));
}
