using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>
/// A marked class as a snapshotter: its calls, and what is wrong with it. Nothing else decides this, neither in the
/// generator nor in the analyzers.
/// </summary>
internal sealed class SnapshotterShape
{
    private SnapshotterShape(ImmutableArray<CallShape> calls, Fallback? fallback, ImmutableArray<Flaw> flaws, CallSet meant, bool canBeExtended)
    {
        Calls = calls;
        Fallback = fallback;
        Flaws = flaws;
        Meant = meant;
        CanBeExtended = canBeExtended;
    }

    /// <summary>The well-formed calls of the class's methods, in the order of the table.</summary>
    public ImmutableArray<CallShape> Calls { get; }

    /// <summary>The member that answers calls which the class lacks, or null.</summary>
    public Fallback? Fallback { get; }

    public ImmutableArray<Flaw> Flaws { get; }

    /// <summary>The calls that the author intends to answer, those of the fallback included.</summary>
    public CallSet Meant { get; }

    /// <summary>Whether a partial declaration in another file can add to the class.</summary>
    public bool CanBeExtended { get; }

    public static SnapshotterShape Of(INamedTypeSymbol type, KnownTypes known, CancellationToken cancellationToken)
    {
        if (Unreadable.IsNameOf(type))
            return new([], null, [], CallSet.Empty, canBeExtended: false);

        var form = ClassForm.Of(type, known, cancellationToken);
        if (type.IsStatic)
            return new([], null, form.Flaws, CallSet.Empty, form.CanBeExtended); // Its methods are all static: one error is enough.

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
            flaws.AddRange(slip.Flaws);
            meant = meant.With(slip.Call);
        }

        foreach (var namesake in NamesakeFinder.FindAnswers(type, meant, known))
        {
            flaws.Add(namesake.Flaw);
            meant = meant.With(namesake.Call);
        }

        var fallback = FallbackFinder.Find(type, meant, known, cancellationToken);
        flaws.AddRange(fallback.Flaws);
        foreach (var call in fallback.Fallback?.Answered ?? [])
            meant = meant.With(call);

        // A malformed declaration has one error at the class's name; missing calls are reported once it is fixed.
        var isBaseUnreadable = Unreadable.IsBaseOf(type);
        if (form.IsSound && !fallback.IsBroken && !isBaseUnreadable && !Unreadable.IsPartOf(type, cancellationToken))
            flaws.AddRange(FlawsOfMissing(type, ref meant));

        return new(isBaseUnreadable ? [] : calls.ToImmutable(), isBaseUnreadable ? null : fallback.Fallback, OnePerPlace(form.Flaws.Concat(flaws)), meant, form.CanBeExtended);
    }

    private static List<Flaw> FlawsOfMissing(INamedTypeSymbol type, ref CallSet meant)
    {
        var flaws = new List<Flaw>();
        foreach (var obstacle in NamesakeFinder.FindObstacles(type, CallSetFlaw.Missing(meant)))
        {
            flaws.Add(obstacle.Flaw);
            meant = meant.With(obstacle.Call);
        }

        if (CallSetFlaw.Of(type, meant) is { } insufficient)
            flaws.Add(insufficient);

        return flaws;
    }

    /// <summary>Of several flaws in one place, the one of the first rule is reported.</summary>
    private static ImmutableArray<Flaw> OnePerPlace(IEnumerable<Flaw> flaws) =>
    [
        .. flaws.GroupBy(flaw => flaw.Location).Select(same => same.OrderBy(flaw => flaw.Rule.Id, StringComparer.Ordinal).First()),
    ];
}
