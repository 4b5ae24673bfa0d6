using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Containerd.Snapshots.Generator.Rules;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>Checks that containerd can work with the calls of a class.</summary>
internal static class CallSetFlaw
{
    public static Flaw? Of(INamedTypeSymbol type, CallSet calls)
    {
        if (Missing(calls) is not { IsEmpty: false } missing)
            return null;

        if (calls.IsEmpty)
        {
            var optional = CallTable.Calls.Where(call => !IsNeeded(call) && NameOf(call, type) == call.Name).Select(call => call.Name).ToList();
            return New(Rule.NoCalls, type, calls, Sentence(missing.Select(call => NameOf(call, type))), optional.Count == 0 ? "" : $", and optionally {Sentence(optional)}");
        }

        return New(
            Rule.IncompleteCalls, type, calls, CallTable.Calls.First(call => call.NeedsOthers).Name, Join(missing.Select(call => call.Name)),
            Join(missing.Select(call => $"{call.Consequence} ({call.Name})")), Join(missing.Select(call => NameOf(call, type))));
    }

    /// <summary>The calls that containerd needs besides those of a class.</summary>
    public static ImmutableArray<SnapshotterCall> Missing(CallSet calls) => calls.IsEmpty || CallTable.Calls.Any(call => call.NeedsOthers && calls.Has(call))
        ? [.. CallTable.Calls.Where(call => IsNeeded(call) && !calls.Has(call))]
        : [];

    /// <summary>Whether containerd needs a call.</summary>
    public static bool IsNeeded(SnapshotterCall call) => call.Consequence is not null;

    /// <summary>The name of a method that the class can add, whatever other members it has or inherits.</summary>
    private static string NameOf(SnapshotterCall call, INamedTypeSymbol type) =>
        type.BaseTypes().Prepend(type).Any(each => !each.GetMembers(call.Name).IsEmpty) ? call.AsyncName : call.Name;

    private static Flaw New(DiagnosticDescriptor rule, INamedTypeSymbol type, CallSet calls, params string[] arguments) =>
        new(rule, Place.Of(type), [type.Name, .. arguments]) { Properties = FlawProperty.OfMissing(calls) };

    private static string Sentence(IEnumerable<string> items)
    {
        var names = items.ToList();
        return names.Count == 1 ? names[0] : $"{Join(names.Take(names.Count - 1))} and {names.Last()}";
    }

    private static string Join(IEnumerable<string> items) => string.Join(", ", items);
}
