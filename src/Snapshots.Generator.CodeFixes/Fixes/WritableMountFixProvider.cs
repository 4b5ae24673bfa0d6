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
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Generator.CodeFixes.Fixes;

/// <summary>Makes a mount writable if that needs no more information: a writable overlay needs more directories.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(WritableMountFixProvider)), Shared]
public sealed class WritableMountFixProvider : FixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rule.ReadOnlyPrepare.Id];

    private protected override IEnumerable<Offer> Offers(FixPlace place, Diagnostic diagnostic)
    {
        var found = place.Root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);

        return found switch
        {
            IdentifierNameSyntax { Identifier.ValueText: "ReadOnlyBind" } name => [new("Bind", "Write 'Bind'", edit => edit.Replace(name.Span, "Bind"))],
            ExpressionSyntax { Parent: ExpressionElementSyntax { Parent: CollectionExpressionSyntax { Elements: var elements } } element } =>
                [Removing(elements.IndexOf(element), [.. elements.Select(each => each.Span)])],
            ExpressionSyntax { Parent: InitializerExpressionSyntax { Expressions: var elements } list } option when CanBeWithout(list) =>
                [Removing(elements.IndexOf(option), [.. elements.Select(each => each.Span)])],
            _ => [],
        };
    }

    private static Offer Removing(int index, TextSpan[] elements) => new("RemoveOption", "Remove the option", edit => edit.Remove(
        index + 1 < elements.Length ? TextSpan.FromBounds(elements[index].Start, elements[index + 1].Start)
        : index > 0 ? TextSpan.FromBounds(elements[index - 1].End, elements[index].End)
        : elements[index]));

    /// <summary>An empty array has no type, unless the type is written.</summary>
    private static bool CanBeWithout(InitializerExpressionSyntax list) => list.Expressions.Count > 1 || list.Parent is not ImplicitArrayCreationExpressionSyntax;
}
