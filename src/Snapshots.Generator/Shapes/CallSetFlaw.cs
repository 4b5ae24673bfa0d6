using System.Collections.Generic;
using System.Linq;
using Containerd.Snapshots.Generator.Rules;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>Checks that containerd can work with the calls of a class.</summary>
internal static class CallSetFlaw
{
    public static Flaw? Of(INamedTypeSymbol type, CallSet calls)
    {
        if (calls.IsEmpty)
            return New(Rule.NoCalls, type, calls, Sentence(CallTable.Calls.Where(IsNeeded)), Sentence(CallTable.Calls.Where(call => !IsNeeded(call))));

        if (CallTable.Calls.FirstOrDefault(call => call.NeedsOthers && calls.Has(call)) is not { } needing)
            return null;

        var missing = CallTable.Calls.Where(call => IsNeeded(call) && !calls.Has(call)).ToList();
        return missing.Count == 0
            ? null
            : New(Rule.IncompleteCalls, type, calls, needing.Name, Join(missing.Select(call => call.Name)), Join(missing.Select(call => $"{call.Consequence} ({call.Name})")));
    }

    /// <summary>Whether containerd needs a call.</summary>
    public static bool IsNeeded(SnapshotterCall call) => call.Consequence is not null;

    private static Flaw New(DiagnosticDescriptor rule, INamedTypeSymbol type, CallSet calls, params string[] arguments) =>
        new(rule, Place.Of(type), [type.Name, .. arguments]) { Properties = FlawProperty.OfMissing(calls) };

    private static string Sentence(IEnumerable<SnapshotterCall> calls)
    {
        var names = calls.Select(call => call.Name).ToList();
        return $"{Join(names.Take(names.Count - 1))} and {names.Last()}";
    }

    private static string Join(IEnumerable<string> items) => string.Join(", ", items);
}
