using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Containerd.Snapshots.Generator.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>Whether the declaration of a marked class allows it to be a snapshotter, whatever its methods are.</summary>
internal sealed class ClassForm
{
    private const LanguageVersion NeededLanguage = LanguageVersion.CSharp11; // For static abstract members of interfaces.

    private ClassForm(ImmutableArray<Flaw> flaws, bool isSound, bool canBeExtended)
    {
        Flaws = flaws;
        IsSound = isSound;
        CanBeExtended = canBeExtended;
    }

    /// <summary>The flaws, at the name of the class or of the types around it.</summary>
    public ImmutableArray<Flaw> Flaws { get; }

    /// <summary>Whether the declaration has no flaw, reported here or at another snapshotter in the same type.</summary>
    public bool IsSound { get; }

    /// <summary>Whether a partial declaration in another file can add to the class.</summary>
    public bool CanBeExtended { get; }

    public static ClassForm Of(INamedTypeSymbol type, KnownTypes known, CancellationToken cancellationToken)
    {
        var ofForm = FlawsOfForm(type, cancellationToken);
        var all = FlawsOf(type, ofForm, cancellationToken);
        return new(
            [.. all.Where(each => !IsSharedWithEarlier(each, type, known, cancellationToken))],
            isSound: all.IsEmpty,
            canBeExtended: ofForm.IsEmpty && !type.IsStatic);
    }

    private static ImmutableArray<Flaw> FlawsOf(INamedTypeSymbol type, ImmutableArray<Flaw> ofForm, CancellationToken cancellationToken)
    {
        if (!type.IsStatic && !type.IsAbstract)
            return ofForm;

        var flaw = type.IsStatic
            ? new Flaw(Rule.StaticClass, Place.Of(type), type.Name, AndPartial(type, cancellationToken))
            : new(Rule.AbstractClass, Place.Of(type), type.Name, LacksImplementations(type) ? "" : $"remove 'abstract'{AndPartial(type, cancellationToken)}, or ");
        return [flaw, .. ofForm.Where(each => each.Location != flaw.Location)];
    }

    private static ImmutableArray<Flaw> FlawsOfForm(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        if (type.Containers().Prepend(type).FirstOrDefault(each => each.IsFileLocal) is { } fileLocal)
            return [new(Rule.FileLocalClass, Place.Of(fileLocal), type.Name, fileLocal.Name, AndPartial(fileLocal, cancellationToken))];

        ImmutableArray<Flaw> flaws = [.. type.Containers().Prepend(type).Where(each => !IsPartial(each, cancellationToken)).Select(each => NotPartial(each, type))];
        return flaws.IsEmpty && LanguageOf(type) is { } language && language < NeededLanguage
            ? [new(Rule.OldLanguage, Place.Of(type), type.Name, $"C# {language.ToDisplayString()}")]
            : flaws;
    }

    private static Flaw NotPartial(INamedTypeSymbol each, INamedTypeSymbol snapshotter) => SymbolEqualityComparer.Default.Equals(each, snapshotter)
        ? new(Rule.NotPartial, Place.Of(each), each.Name, TypeKeyword.Of(each))
        : new(Rule.ContainingTypeNotPartial, Place.Of(each), each.Name, snapshotter.Name, TypeKeyword.Of(each));

    private static string AndPartial(INamedTypeSymbol type, CancellationToken cancellationToken) =>
        IsPartial(type, cancellationToken) ? "" : $", and write 'partial' before '{TypeKeyword.Of(type)}'";

    /// <summary>Whether a class declares or inherits abstract members that it does not override.</summary>
    private static bool LacksImplementations(INamedTypeSymbol type)
    {
        var overridden = new HashSet<ISymbol?>(SymbolEqualityComparer.Default);
        foreach (var member in type.BaseTypes().Prepend(type).SelectMany(each => each.GetMembers()))
        {
            if (member.IsAbstract && member is not ITypeSymbol && !overridden.Contains(member.OriginalDefinition))
                return true;

            overridden.Add(((member as IMethodSymbol)?.OverriddenMethod ?? (member as IPropertySymbol)?.OverriddenProperty ?? (ISymbol?)(member as IEventSymbol)?.OverriddenEvent)?.OriginalDefinition);
        }

        return false;
    }

    /// <summary>Whether the flaw is in a type around several snapshotters, and another of them reports it.</summary>
    private static bool IsSharedWithEarlier(Flaw flaw, INamedTypeSymbol type, KnownTypes known, CancellationToken cancellationToken)
    {
        var container = type.Containers().FirstOrDefault(each => flaw.Location == Place.Of(each));
        var first = container is null
            ? type
            : Inside(container).First(each => known.IsMarked(each) && FlawsOf(each, FlawsOfForm(each, cancellationToken), cancellationToken).Any(other => other.Location == flaw.Location));

        return !SymbolEqualityComparer.Default.Equals(first, type);
    }

    private static IEnumerable<INamedTypeSymbol> Inside(INamedTypeSymbol type) =>
        type.GetTypeMembers().SelectMany(each => Inside(each).Prepend(each));

    /// <summary>If one declaration of several lacks the modifier, the compiler reports it.</summary>
    public static bool IsPartial(INamedTypeSymbol type, CancellationToken cancellationToken) => type.DeclaringSyntaxReferences.Any(
        reference => reference.GetSyntax(cancellationToken) is TypeDeclarationSyntax declaration
            && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    private static LanguageVersion? LanguageOf(INamedTypeSymbol type) =>
        (type.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree.Options as CSharpParseOptions)?.LanguageVersion;
}
