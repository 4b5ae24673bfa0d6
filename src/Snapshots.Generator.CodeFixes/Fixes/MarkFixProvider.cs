using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.CodeFixes.Fixes;

/// <summary>Marks a class that is hosted as a snapshotter, and makes it partial.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MarkFixProvider)), Shared]
public sealed class MarkFixProvider : CodeFixProvider
{
    private const string AttributeSuffix = "Attribute";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rule.NotMarked.Id];

    /// <summary>Not all at once: marking a class mends every place where it is hosted, and a class has a file of its own.</summary>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            if (diagnostic.AdditionalLocations is not [{ SourceTree: { } tree } location]
                || context.Document.Project.Solution.GetDocument(tree) is not { } document
                || await FixPlace.InAsync(document, context.CancellationToken).ConfigureAwait(false) is not { } place
                || place.Root.FindToken(location.SourceSpan.Start).Parent is not TypeDeclarationSyntax type)
            {
                continue;
            }

            var name = type.Identifier.ValueText;
            context.RegisterCodeFix(
                CodeAction.Create($"Mark '{name}' [Snapshotter]", cancelled => MarkAsync(place, type, cancelled), name), diagnostic);
        }
    }

    private static async Task<Solution> MarkAsync(FixPlace place, TypeDeclarationSyntax type, CancellationToken cancellationToken)
    {
        var edit = new DocumentEdit(place);
        if (place.Known is { } known)
        {
            var line = place.Root.GetText().Lines.GetLineFromPosition(type.SpanStart);
            var attribute = edit.NameOf(known.Attribute, type.SpanStart);
            var indentation = line.ToString().Substring(0, type.SpanStart - line.Start);

            edit.Insert(type.SpanStart, $"[{attribute.Substring(0, attribute.Length - AttributeSuffix.Length)}]{NewLine.Of(place.Root)}{indentation}");
        }

        foreach (var each in type.AncestorsAndSelf().OfType<TypeDeclarationSyntax>())
            edit.AddLastModifier(each, SyntaxKind.PartialKeyword);

        var changed = await edit.ApplyAsync(cancellationToken).ConfigureAwait(false);
        return changed.Project.Solution;
    }
}
