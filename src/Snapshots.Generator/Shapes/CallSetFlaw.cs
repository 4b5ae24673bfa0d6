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
        if (HasUnknownBase(type))
            return null; // The compiler says so, and the calls may be there.

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

    private static bool HasUnknownBase(INamedTypeSymbol type)
    {
        for (var each = type.BaseType; each is not null; each = each.BaseType)
        {
            if (each.TypeKind == TypeKind.Error)
                return true;
        }

        return false;
    }

    private static string Join(IEnumerable<string> items) => string.Join(", ", items);
}
