using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.CodeFixes.Fixes;

/// <summary>Marks a class that is hosted as a snapshotter, and makes it partial.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MarkFixProvider)), Shared]
public sealed class MarkFixProvider : FixProvider
{
    private const string AttributeSuffix = "Attribute";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rule.NotMarked.Id];

    private protected override IEnumerable<Offer> Offers(FixPlace place, Diagnostic diagnostic)
    {
        if (DocumentOf(diagnostic, place) is { } document && ClassAt(diagnostic.AdditionalLocations[0]) is { } type)
            yield return new("Mark", $"Mark '{type.Identifier.ValueText}' [Snapshotter]", (edit, cancelled) => MarkAsync(type, document, edit, cancelled));
    }

    private static Document? DocumentOf(Diagnostic diagnostic, FixPlace place) =>
        place.Document.Project.Solution.GetDocument(diagnostic.AdditionalLocations.FirstOrDefault()?.SourceTree);

    private static TypeDeclarationSyntax? ClassAt(Location location) =>
        location.SourceTree?.GetRoot().FindToken(location.SourceSpan.Start).Parent as TypeDeclarationSyntax;

    /// <summary>A class may be in another document than its host.</summary>
    private static async Task MarkAsync(TypeDeclarationSyntax type, Document document, DocumentEdit edit, CancellationToken cancellationToken)
    {
        if (await edit.All.InAsync(document, cancellationToken).ConfigureAwait(false) is { Place.Known: { } known } inDocument)
            Mark(type, known, inDocument);
    }

    private static void Mark(TypeDeclarationSyntax type, KnownTypes known, DocumentEdit edit)
    {
        var attribute = edit.NameOf(known.Attribute, type.SpanStart);
        var after = Indentation.IsBefore(type) ? NewLine.Of(edit.Place.Root) + Indentation.Of(type) : " ";

        edit.Insert(type.SpanStart, $"[{attribute.Substring(0, attribute.Length - AttributeSuffix.Length)}]{after}");
        foreach (var each in type.AncestorsAndSelf().OfType<TypeDeclarationSyntax>())
            edit.AddLastModifier(each, SyntaxKind.PartialKeyword);
    }
}
