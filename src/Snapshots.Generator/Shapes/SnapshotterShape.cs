using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>
/// What a marked class is as a snapshotter: the calls that it has, and what is wrong with it. The one place that
/// decides so, for the generator and the analyzers alike.
/// </summary>
internal sealed class SnapshotterShape
{
    private SnapshotterShape(ImmutableArray<CallShape> calls, ImmutableArray<Flaw> flaws, CallSet meant, bool canBeExtended)
    {
        Calls = calls;
        Flaws = flaws;
        Meant = meant;
        CanBeExtended = canBeExtended;
    }

    /// <summary>The well-formed calls, in the order of the table.</summary>
    public ImmutableArray<CallShape> Calls { get; }

    public ImmutableArray<Flaw> Flaws { get; }

    /// <summary>The calls that the author means to answer.</summary>
    public CallSet Meant { get; }

    /// <summary>Whether a partial declaration in another file can add to the class.</summary>
    public bool CanBeExtended { get; }

    public static SnapshotterShape Of(INamedTypeSymbol type, KnownTypes known, CancellationToken cancellationToken)
    {
        if (Unreadable.IsNameOf(type))
            return new([], [], CallSet.Empty, canBeExtended: false);

        var form = ClassForm.Of(type, known, cancellationToken);
        if (type.IsStatic)
            return new([], form.Flaws, CallSet.Empty, form.CanBeExtended); // Its methods cannot but be static: one error says it all.

        var calls = ImmutableArray.CreateBuilder<CallShape>();
        var flaws = ImmutableArray.CreateBuilder<Flaw>();
        var meant = CallSet.Empty;

        foreach (var call in CallTable.Calls)
        {
            cancellationToken.ThrowIfCancellationRequested();

            var found = CallFinder.Find(type, call, known);
            flaws.AddRange(found.Flaws);
            if (found.Shape is { } shape)
                calls.Add(shape);
            if (found.IsMeant)
                meant = meant.With(call);
        }

        foreach (var slip in SlipFinder.Find(type, meant, known))
        {
            flaws.Add(slip.Flaw);
            meant = meant.With(slip.Call);
        }

        // A class that is wrong by itself has one error at its name; whether its calls suffice comes after.
        var isBaseUnreadable = Unreadable.IsBaseOf(type);
        if (form.IsSound && !isBaseUnreadable && !Unreadable.IsPartOf(type, cancellationToken) && CallSetFlaw.Of(type, meant) is { } insufficient)
            flaws.Add(insufficient);

        return new(isBaseUnreadable ? [] : calls.ToImmutable(), OnePerPlace(form.Flaws.Concat(flaws)), meant, form.CanBeExtended);
    }

    /// <summary>Where several rules are broken in one place, the first of them says so.</summary>
    private static ImmutableArray<Flaw> OnePerPlace(IEnumerable<Flaw> flaws) =>
    [
        .. flaws.GroupBy(flaw => flaw.Location).Select(same => same.OrderBy(flaw => flaw.Rule.Id, StringComparer.Ordinal).First()),
    ];
}
