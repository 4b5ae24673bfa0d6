using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FindSymbols;

namespace Containerd.Snapshots.Generator.CodeFixes.Editing;

/// <summary>Changes to the documents of a solution. All are decided before any is made.</summary>
internal sealed class SolutionEdit(Solution solution)
{
    private readonly Dictionary<DocumentId, DocumentEdit> _documents = [];

    public DocumentEdit In(FixPlace place)
    {
        if (!_documents.TryGetValue(place.Document.Id, out var edit))
            _documents.Add(place.Document.Id, edit = new(place, this));

        return edit;
    }

    /// <summary>The changes to a document; null if it has no syntax.</summary>
    public async Task<DocumentEdit?> InAsync(Document document, CancellationToken cancellationToken) =>
        await FixPlace.InAsync(document, cancellationToken).ConfigureAwait(false) is { } place ? In(place) : null;

    /// <summary>
    /// Renames a symbol everywhere. Members of tuples and anonymous types keep the names that they take from it. It does not look
    /// for conflicts, which would take most of the time, since the gate looks at every fix.
    /// </summary>
    public async Task RenameAsync(ISymbol symbol, string name, CancellationToken cancellationToken)
    {
        foreach (var declaration in symbol.DeclaringSyntaxReferences)
        {
            if (solution.GetDocument(declaration.SyntaxTree) is { } document && await InAsync(document, cancellationToken).ConfigureAwait(false) is { } edit)
                InferredNames.Write(symbol, edit, cancellationToken);
        }

        foreach (var found in await SymbolFinder.FindReferencesAsync(symbol, solution, cancellationToken).ConfigureAwait(false))
        {
            var uses = found.Locations.Where(each => !each.IsImplicit && each.Alias is null).Select(each => each.Location);
            foreach (var place in found.Definition.Locations.Concat(uses))
                await ReplaceAsync(place, name, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes the changes; null if two of them are in one place.</summary>
    public async Task<Solution?> ApplyAsync(CancellationToken cancellationToken)
    {
        var changed = solution;
        foreach (var edit in _documents)
        {
            if (await edit.Value.TextAsync(cancellationToken).ConfigureAwait(false) is not { } text)
                return null;

            changed = changed.WithDocumentText(edit.Key, text);
        }

        return changed;
    }

    private async Task ReplaceAsync(Location place, string text, CancellationToken cancellationToken)
    {
        if (solution.GetDocument(place.SourceTree) is { } document and not SourceGeneratedDocument
            && await InAsync(document, cancellationToken).ConfigureAwait(false) is { } edit)
        {
            edit.Replace(place.SourceSpan, text);
        }
    }
}
