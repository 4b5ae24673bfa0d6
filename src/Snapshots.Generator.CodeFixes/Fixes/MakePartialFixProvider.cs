using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.CodeFixes.Fixes;

/// <summary>Makes a snapshotter partial, and the types around it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakePartialFixProvider)), Shared]
public sealed class MakePartialFixProvider : FixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rule.NotPartial.Id, Rule.ContainingTypeNotPartial.Id];

    private protected override IEnumerable<Offer> Offers(FixPlace place, Diagnostic diagnostic)
    {
        if (place.TypeAt(diagnostic) is not { } type)
            yield break;

        yield return new("Partial", $"Make '{type.Identifier.ValueText}' partial", edit =>
        {
            foreach (var each in type.AncestorsAndSelf().OfType<TypeDeclarationSyntax>())
                edit.AddLastModifier(each, SyntaxKind.PartialKeyword);
        });
    }
}
