using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Containerd.Snapshots.Generator.Rules;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>
/// Finds the member marked <c>[SnapshotterFallback]</c>, of the class itself or of the nearest base class that has one, and
/// the methods of its type for the calls that the class lacks.
/// </summary>
internal static class FallbackFinder
{
    public static FoundFallback Find(INamedTypeSymbol type, CallSet own, KnownTypes known, CancellationToken cancellationToken)
    {
        if (known.Fallback is null)
            return FoundFallback.Nothing;

        foreach (var declaring in type.BaseTypes().Prepend(type))
        {
            var marked = declaring.GetMembers().Where(member => MarkOf(member, known) is not null).ToList();
            if (marked.Count == 0)
                continue;

            var found = Check(marked, type, own, known, cancellationToken);
            return found.Fallback is not null && IsReportedAt(declaring, type, known) ? found with { Flaws = [] } : found;
        }

        return FoundFallback.Nothing;
    }

    private static FoundFallback Check(List<ISymbol> marked, INamedTypeSymbol type, CallSet own, KnownTypes known, CancellationToken cancellationToken)
    {
        var member = marked[0];
        if (marked.Count > 1)
            return Broken(new(Rule.TwoFallbacks, PlaceOfMark(marked[1], type, known), marked[1].Name, member.Name));

        var place = PlaceOf(member, type);
        if (member.IsStatic)
            return Broken(new(Rule.StaticFallback, place, member.Name));

        if (!IsReachable(member, type, known))
            return Broken(new(Rule.UnreachableFallback, place, member.Name, type.Name));

        var typeOfMember = member is IPropertySymbol property ? property.Type : ((IFieldSymbol)member).Type;
        if (ErrorTypes.AreIn(typeOfMember))
            return new(null, [], IsBroken: true); // The compiler reports it.

        if (typeOfMember is not INamedTypeSymbol named)
            return Broken(new(Rule.FallbackWithoutCalls, place, member.Name, TypeText.Of(typeOfMember)));

        return Check(member, named, type, [.. CallTable.Calls.Where(call => !own.Has(call))], known, cancellationToken);
    }

    private static FoundFallback Check(
        ISymbol member,
        INamedTypeSymbol part,
        INamedTypeSymbol type,
        ImmutableArray<SnapshotterCall> lacking,
        KnownTypes known,
        CancellationToken cancellationToken)
    {
        var flaws = ImmutableArray.CreateBuilder<Flaw>();
        if (IsDisposable(part, known) && !IsDisposable(type, known))
            flaws.Add(new(Rule.UndisposedFallback, PlaceOf(member, type), member.Name, type.Name, DisposableText(part, known)));

        if (known.IsMarked(part) && known.HasService(part, cancellationToken) is { } hasService)
        {
            return hasService
                ? new(new(member, part, IsSnapshotter: true, [], lacking), flaws.ToImmutable())
                : new(null, [], IsBroken: true); // Reported at the part.
        }

        var choices = CallTable.Calls.Select(call => (Call: call, Choice: FallbackChoice.Of(part, call, known))).ToList();
        if (choices.All(each => each.Choice.Shape is null && !each.Choice.IsAmbiguous))
            return Broken(new(Rule.FallbackWithoutCalls, PlaceOf(member, type), member.Name, TypeText.Of(part)));

        var needed = choices.Where(each => lacking.Contains(each.Call)).ToList();
        if (needed.Find(each => each.Choice.IsAmbiguous) is { Call: { } ambiguous } several)
            return Broken(new(Rule.AmbiguousFallback, PlaceOf(member, type), member.Name, ambiguous.Name, Names(several.Choice.Methods), type.Name) { Properties = FlawProperty.OfMissing([ambiguous]) });

        var misfits = needed.Where(each => each.Choice.Shape is null && each.Choice.Methods.Count > 0).ToList();
        if (misfits.Count > 0)
        {
            flaws.Add(new(
                Rule.FallbackMisfit, PlaceOfMark(member, type, known), member.Name, Names(misfits.SelectMany(each => each.Choice.Methods)),
                string.Join(", ", misfits.Select(each => each.Call.Name)), type.Name)
            {
                Properties = FlawProperty.OfMissing(misfits.Select(each => each.Call)),
            });
        }

        return new(new(member, part, IsSnapshotter: false, [.. needed.Select(each => each.Choice.Shape).OfType<CallShape>()], lacking), flaws.ToImmutable());
    }

    private static FoundFallback Broken(Flaw flaw) => new(null, [flaw], IsBroken: true);

    private static string Names(IEnumerable<IMethodSymbol> methods) => string.Join(", ", methods.Select(method => $"'{TypeText.Of(method)}'"));

    /// <summary>Emitted code is inside the class, and reads the member by its name.</summary>
    private static bool IsReachable(ISymbol member, INamedTypeSymbol type, KnownTypes known)
    {
        var below = type.BaseTypes().Prepend(type).TakeWhile(each => !SymbolEqualityComparer.Default.Equals(each, member.ContainingType));
        if (below.Any(each => !each.GetMembers(member.Name).IsEmpty))
            return false;

        var read = member is IPropertySymbol property ? property.IsIndexer ? null : property.GetMethod : member;
        return read is not null && known.IsAccessible(read, type);
    }

    /// <summary>Whether the flaws of an inherited member are reported at its own class.</summary>
    private static bool IsReportedAt(INamedTypeSymbol declaring, INamedTypeSymbol type, KnownTypes known) =>
        !SymbolEqualityComparer.Default.Equals(declaring, type) && known.IsMarked(declaring);

    private static AttributeData? MarkOf(ISymbol member, KnownTypes known) => member is IFieldSymbol or IPropertySymbol
        ? member.GetAttributes().FirstOrDefault(each => KnownTypes.AreSame(each.AttributeClass, known.Fallback))
        : null;

    private static bool IsDisposable(ITypeSymbol type, KnownTypes known) =>
        KnownTypes.IsOrImplements(type, known.AsyncDisposable) || KnownTypes.IsOrImplements(type, known.Disposable);

    private static string DisposableText(ITypeSymbol type, KnownTypes known) =>
        KnownTypes.IsOrImplements(type, known.AsyncDisposable) ? "IAsyncDisposable" : "IDisposable";

    // A flaw of an inherited member is reported at the class.
    private static Location PlaceOf(ISymbol member, INamedTypeSymbol type) =>
        SymbolEqualityComparer.Default.Equals(member.ContainingType, type) ? member.Locations[0] : Place.Of(type);

    private static Location PlaceOfMark(ISymbol member, INamedTypeSymbol type, KnownTypes known) =>
        SymbolEqualityComparer.Default.Equals(member.ContainingType, type) && MarkOf(member, known)?.ApplicationSyntaxReference is { } mark
            ? mark.SyntaxTree.GetLocation(mark.Span)
            : Place.Of(type);
}
