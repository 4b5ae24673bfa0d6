using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.CodeFixes.Fixes;

/// <summary>Marks a class that is hosted as a snapshotter, and makes it partial.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MarkFixProvider)), Shared]
public sealed class MarkFixProvider : SolutionFixProvider
{
    private const string AttributeSuffix = "Attribute";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rule.NotMarked.Id];

    private protected override string TitleOfAll => "Mark all hosted classes [Snapshotter]";

    private protected override async Task<string?> TitleAsync(Solution solution, Diagnostic diagnostic, CancellationToken cancellationToken) =>
        DocumentOf(diagnostic, solution) is { } document
        && await FixPlace.InAsync(document, cancellationToken).ConfigureAwait(false) is { } place && ClassIn(place, diagnostic) is { } type
            ? $"Mark '{type.Identifier.ValueText}' [Snapshotter]"
            : null;

    /// <summary>A class may be hosted in several places, and a document may have several classes.</summary>
    private protected override async Task<Solution> FixAsync(Solution solution, IReadOnlyList<Diagnostic> diagnostics, CancellationToken cancellationToken)
    {
        foreach (var inDocument in diagnostics.ToLookup(each => DocumentOf(each, solution)))
        {
            if (inDocument.Key is not { } document || await FixPlace.InAsync(document, cancellationToken).ConfigureAwait(false) is not { } place)
                continue;

            var edit = new DocumentEdit(place);
            foreach (var type in inDocument.Select(each => ClassIn(place, each)))
                Mark(type, edit);

            var changed = await edit.ApplyAsync(cancellationToken).ConfigureAwait(false);
            solution = solution.WithDocumentText(document.Id, await changed.GetTextAsync(cancellationToken).ConfigureAwait(false));
        }

        return solution;
    }

    private static Document? DocumentOf(Diagnostic diagnostic, Solution solution) =>
        solution.GetDocument(diagnostic.AdditionalLocations.FirstOrDefault()?.SourceTree);

    private static TypeDeclarationSyntax? ClassIn(FixPlace place, Diagnostic diagnostic) =>
        place.Root.FindToken(diagnostic.AdditionalLocations[0].SourceSpan.Start).Parent as TypeDeclarationSyntax;

    private static void Mark(TypeDeclarationSyntax? type, DocumentEdit edit)
    {
        if (type is null || edit.Place.Known is not { } known)
            return;

        var line = edit.Place.Root.GetText().Lines.GetLineFromPosition(type.SpanStart);
        var attribute = edit.NameOf(known.Attribute, type.SpanStart);
        var indentation = line.ToString().Substring(0, type.SpanStart - line.Start);

        edit.Insert(type.SpanStart, $"[{attribute.Substring(0, attribute.Length - AttributeSuffix.Length)}]{NewLine.Of(edit.Place.Root)}{indentation}");
        foreach (var each in type.AncestorsAndSelf().OfType<TypeDeclarationSyntax>())
            edit.AddLastModifier(each, SyntaxKind.PartialKeyword);
    }
}
