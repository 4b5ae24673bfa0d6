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
            return new(Rule.NoCalls, Place.Of(type), type.Name, Words(CallTable.Calls.Where(IsNeeded)), Words(CallTable.Calls.Where(call => !IsNeeded(call)))) { Properties = FlawProperty.OfMissing(calls) };

        if (CallTable.Calls.FirstOrDefault(call => call.NeedsOthers && calls.Has(call)) is not { } needing)
            return null;

        var missing = CallTable.Calls.Where(call => IsNeeded(call) && !calls.Has(call)).ToList();
        return missing.Count == 0
            ? null
            : new(Rule.IncompleteCalls, Place.Of(type), type.Name, needing.Name, Join(missing.Select(call => call.Name)), Join(missing.Select(call => $"{call.Consequence} ({call.Name})")))
            {
                Properties = FlawProperty.OfMissing(calls),
            };
    }

    /// <summary>Whether containerd needs a call.</summary>
    public static bool IsNeeded(SnapshotterCall call) => call.Consequence is not null;

    private static string Join(IEnumerable<string> items) => string.Join(", ", items);

    private static string Words(IEnumerable<SnapshotterCall> calls)
    {
        var names = calls.Select(call => call.Name).ToList();
        return $"{Join(names.Take(names.Count - 1))} and {names[names.Count - 1]}";
    }
}
