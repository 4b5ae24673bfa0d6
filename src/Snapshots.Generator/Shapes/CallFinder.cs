using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Containerd.Snapshots.Generator.Rules;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>
/// Finds the method of a class that answers a call. As in C#, the most derived type that has public methods of the
/// name decides, and a public member of another kind hides inherited methods.
/// </summary>
internal static class CallFinder
{
    public static FoundCall Find(INamedTypeSymbol type, SnapshotterCall call, KnownTypes known)
    {
        var candidates = PublicMethods(type, call);
        if (candidates.Count > 0)
        {
            var found = Choose(type, call, candidates, known);
            return IsReportedAt(candidates[0].ContainingType, type, known) ? found with { Flaws = [] } : found;
        }

        return Misdeclared(type, call, known) is { Length: > 0 } flaws ? new(null, flaws, IsMeant: true) : FoundCall.Nothing;
    }

    private static FoundCall Choose(INamedTypeSymbol type, SnapshotterCall call, List<IMethodSymbol> candidates, KnownTypes known)
    {
        if (candidates.Exists(IsDeclaredAgain))
            return new(null, [], IsMeant: true);

        var forms = candidates.Select(method => MethodForm.Of(method, call, type, known)).ToList();
        var chosen = forms.Find(form => form.Shape is not null) ?? forms[0];

        var repeated = forms
            .Where(form => form != chosen)
            .Select(form => new Flaw(Rule.DefinedTwice, Place.Of(form.Method, type), TypeText.Of(form.Method), call.Name, TypeText.Of(chosen.Method)));

        return new(chosen.Shape, [.. chosen.Flaws, .. repeated], IsMeant: true);
    }

    /// <summary>Whether another method has the same parameters: the compiler reports it, and cannot decide which is called.</summary>
    private static bool IsDeclaredAgain(IMethodSymbol method) => method.ContainingType.GetMembers(method.Name)
        .Any(each => !each.Equals(method, SymbolEqualityComparer.Default) && each.GetDocumentationCommentId() == method.GetDocumentationCommentId());

    /// <summary>Whether the flaws of an inherited method are reported there: its class is marked, and in this project.</summary>
    private static bool IsReportedAt(INamedTypeSymbol declaring, INamedTypeSymbol type, KnownTypes known) =>
        !SymbolEqualityComparer.Default.Equals(declaring, type)
        && known.IsMarked(declaring)
        && !declaring.DeclaringSyntaxReferences.IsEmpty;

    /// <summary>The methods that may answer a call. Those of an interface may be inherited from others.</summary>
    public static List<IMethodSymbol> PublicMethods(INamedTypeSymbol type, SnapshotterCall call)
    {
        var hidden = new HashSet<string>();
        IEnumerable<INamedTypeSymbol> inherited = type.TypeKind == TypeKind.Interface ? type.AllInterfaces : type.BaseTypes();
        foreach (var each in inherited.Prepend(type))
        {
            var members = each.GetMembers().Where(member => call.IsNameOf(member.Name) && !hidden.Contains(member.Name)).ToList();
            var methods = members.OfType<IMethodSymbol>().Where(IsPublicCall).ToList();
            if (methods.Count > 0)
                return methods;

            hidden.UnionWith(members.Where(IsPublicOfAnotherKind).Select(member => member.Name));
        }

        return [];
    }

    /// <summary>The flaws of a method that would answer the call if it were public and not static; other helpers may have the name.</summary>
    private static ImmutableArray<Flaw> Misdeclared(INamedTypeSymbol type, SnapshotterCall call, KnownTypes known)
    {
        var form = type.GetMembers()
            .OfType<IMethodSymbol>()
            .Where(each => each.MethodKind is MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation && call.IsNameOf(NameOf(each)))
            .Select(each => MethodForm.Of(each, call, type, known))
            .FirstOrDefault(each => each.Shape is { TakesKey: true });

        return form is null ? [] : [Misdeclared(form.Method, call, type), .. form.Flaws];
    }

    private static Flaw Misdeclared(IMethodSymbol method, SnapshotterCall call, INamedTypeSymbol type)
    {
        var place = Place.Of(method, type);
        if (method.MethodKind == MethodKind.ExplicitInterfaceImplementation)
            return new(Rule.ExplicitCall, place, NameOf(method), call.Name, TypeText.Of(method.ExplicitInterfaceImplementations[0].ContainingType));

        return method.DeclaredAccessibility == Accessibility.Public
            ? new(Rule.StaticCall, place, method.Name, call.Name)
            : new(Rule.NotPublic, place, method.Name, call.Name, method.IsStatic ? " and remove 'static'" : "");
    }

    /// <summary>The name as it is declared, without the interface.</summary>
    private static string NameOf(IMethodSymbol method) => method.ExplicitInterfaceImplementations is [var implemented] ? implemented.Name : method.Name;

    private static bool IsPublicOfAnotherKind(ISymbol member) =>
        member is not IMethodSymbol && member.DeclaredAccessibility == Accessibility.Public;

    private static bool IsPublicCall(IMethodSymbol method) =>
        method is { MethodKind: MethodKind.Ordinary, DeclaredAccessibility: Accessibility.Public, IsStatic: false };
}

/// <summary>The methods that were found for a call.</summary>
/// <param name="Shape">How it is answered, or null.</param>
/// <param name="Flaws">The flaws of the methods of its name.</param>
/// <param name="IsMeant">Whether the author intends to answer it, well-formed or not.</param>
internal sealed record FoundCall(CallShape? Shape, ImmutableArray<Flaw> Flaws, bool IsMeant)
{
    public static FoundCall Nothing { get; } = new(null, [], IsMeant: false);
}
