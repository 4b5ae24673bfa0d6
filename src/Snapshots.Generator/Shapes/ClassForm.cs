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

    /// <summary>At most one flaw, at the name of the class or of a type around it.</summary>
    public ImmutableArray<Flaw> Flaws { get; }

    /// <summary>Whether the declaration has no flaw, reported here or at another snapshotter in the same type.</summary>
    public bool IsSound { get; }

    /// <summary>Whether a partial declaration in another file can add to the class.</summary>
    public bool CanBeExtended { get; }

    public static ClassForm Of(INamedTypeSymbol type, KnownTypes known, CancellationToken cancellationToken)
    {
        if (FlawOf(type, cancellationToken) is not { } flaw)
            return new([], isSound: true, canBeExtended: true);

        return new(
            IsSharedWithEarlier(flaw, type, known, cancellationToken) ? [] : [flaw],
            isSound: false,
            canBeExtended: flaw.Rule == Rule.AbstractClass && FlawOfForm(type, cancellationToken) is null);
    }

    private static Flaw? FlawOf(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        if (type.IsStatic)
            return new(Rule.StaticClass, Place.Of(type), type.Name);

        if (type.IsAbstract)
            return new(Rule.AbstractClass, Place.Of(type), type.Name);

        return FlawOfForm(type, cancellationToken);
    }

    private static Flaw? FlawOfForm(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        if (type.Containers().Prepend(type).FirstOrDefault(each => each.IsFileLocal) is { } fileLocal)
            return new(Rule.FileLocalClass, Place.Of(fileLocal), type.Name, fileLocal.Name);

        if (!IsPartial(type, cancellationToken))
            return new(Rule.NotPartial, Place.Of(type), type.Name, TypeKeyword.Of(type));

        if (type.Containers().FirstOrDefault(each => !IsPartial(each, cancellationToken)) is { } container)
            return new(Rule.ContainingTypeNotPartial, Place.Of(container), container.Name, type.Name, TypeKeyword.Of(container));

        return LanguageOf(type) is { } language && language < NeededLanguage
            ? new(Rule.OldLanguage, Place.Of(type), type.Name, $"C# {language.ToDisplayString()}")
            : null;
    }

    /// <summary>Whether the flaw is in a type around several snapshotters, and another of them reports it.</summary>
    private static bool IsSharedWithEarlier(Flaw flaw, INamedTypeSymbol type, KnownTypes known, CancellationToken cancellationToken)
    {
        var container = type.Containers().FirstOrDefault(each => flaw.Location == Place.Of(each));
        var first = container is null
            ? type
            : Inside(container).First(each => known.IsMarked(each) && FlawOf(each, cancellationToken)?.Location == flaw.Location);

        return !SymbolEqualityComparer.Default.Equals(first, type);
    }

    private static IEnumerable<INamedTypeSymbol> Inside(INamedTypeSymbol type) =>
        type.GetTypeMembers().SelectMany(each => Inside(each).Prepend(each));

    /// <summary>If one declaration of several lacks the modifier, the compiler reports it.</summary>
    private static bool IsPartial(INamedTypeSymbol type, CancellationToken cancellationToken) => type.DeclaringSyntaxReferences.Any(
        reference => reference.GetSyntax(cancellationToken) is TypeDeclarationSyntax declaration
            && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    private static LanguageVersion? LanguageOf(INamedTypeSymbol type) =>
        (type.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree.Options as CSharpParseOptions)?.LanguageVersion;
}
