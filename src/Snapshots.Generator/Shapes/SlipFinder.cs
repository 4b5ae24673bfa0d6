using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Containerd.Snapshots.Generator.Rules;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>
/// Finds methods that look like misnamed calls: each would answer a call that no other method answers. A method that
/// implements an interface has its name from there.
/// </summary>
internal static class SlipFinder
{
    private static readonly Dictionary<string, SnapshotterCall> Synonyms = CallTable.Calls
        .SelectMany(call => call.Synonyms.Select(synonym => (synonym, call)))
        .ToDictionary(each => each.synonym, each => each.call, StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<(SnapshotterCall Call, ImmutableArray<Flaw> Flaws)> Find(INamedTypeSymbol type, CallSet meant, KnownTypes known)
    {
        foreach (var method in type.GetMembers().OfType<IMethodSymbol>().Where(IsPublicMethod))
        {
            var name = SnapshotterCall.WithoutSuffix(method.Name);
            if (CallMeantBy(name) is not { } call || meant.Has(call) || Signature.IsOfInterface(method))
                continue;

            var form = MethodForm.Of(method, call, type, known);
            if (form.Shape is not { TakesKey: true })
                continue;

            meant = meant.With(call);
            var better = call.Name + method.Name.Substring(name.Length);
            var slip = new Flaw(Rule.LikelySlip, Place.Of(method, type), method.Name, call.Name, better) { Properties = FlawProperty.OfName(better) };
            yield return (call, [slip, .. form.Flaws]);
        }
    }

    private static bool IsPublicMethod(IMethodSymbol method) =>
        method is { MethodKind: MethodKind.Ordinary, DeclaredAccessibility: Accessibility.Public, IsStatic: false, IsOverride: false };

    private static SnapshotterCall? CallMeantBy(string name) =>
        CallOf(name) ?? CallOf(WithoutSnapshot(name)) ?? (name.StartsWith("Get", StringComparison.Ordinal) ? CallOf(WithoutSnapshot(name.Substring("Get".Length))) : null);

    private static SnapshotterCall? CallOf(string name) => Synonyms.TryGetValue(name, out var call)
        ? call
        : CallTable.Calls.FirstOrDefault(each => Spelling.IsNear(name, each.Name));

    /// <summary>A name without the word that other libraries add, as in <c>StatSnapshot</c>.</summary>
    private static string WithoutSnapshot(string name) => name.Replace("Snapshots", "").Replace("Snapshot", "");
}
