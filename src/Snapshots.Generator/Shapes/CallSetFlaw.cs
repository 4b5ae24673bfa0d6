using System.Collections.Generic;
using System.Linq;
using Containerd.Snapshots.Generator.Rules;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>Sees that containerd can work with the calls that a class has.</summary>
internal static class CallSetFlaw
{
    private static readonly (SnapshotterCall Call, string Consequence)[] Needed =
    [
        (CallTable.Get("Stat"), "no image can be unpacked (Stat)"),
        (CallTable.Get("Mounts"), "no container can be started (Mounts)"),
        (CallTable.Get("Commit"), "no layer can be finished (Commit)"),
        (CallTable.Get("Remove"), "garbage collection fails (Remove)"),
        (CallTable.Get("Walk"), "garbage collection fails and the disk fills up (Walk)"),
    ];

    public static Flaw? Of(INamedTypeSymbol type, CallSet calls)
    {
        if (calls.IsEmpty)
            return new(Rule.NoCalls, Place.Of(type), type.Name) { Properties = FlawProperty.OfMissing(calls) };

        if (!calls.Has(CallTable.Get("Prepare")))
            return null;

        var missing = Needed.Where(needed => !calls.Has(needed.Call)).ToList();
        return missing.Count == 0
            ? null
            : new(Rule.IncompleteCalls, Place.Of(type), type.Name, Join(missing.Select(needed => needed.Call.Name)), Join(missing.Select(needed => needed.Consequence)))
            {
                Properties = FlawProperty.OfMissing(calls),
            };
    }

    /// <summary>Whether containerd cannot do without a call.</summary>
    public static bool IsNeeded(SnapshotterCall call) => call.Name == "Prepare" || Needed.Any(each => each.Call == call);

    private static string Join(IEnumerable<string> items) => string.Join(", ", items);
}
