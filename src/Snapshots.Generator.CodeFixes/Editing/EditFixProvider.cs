using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Containerd.Snapshots.Generator.CodeFixes.Editing;

/// <summary>Fixes that change only the text of one document, so that any number of them are applied in one edit.</summary>
public abstract class EditFixProvider : CodeFixProvider
{
    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(
        async (context, document, diagnostics) =>
            await FixAsync(document, diagnostics, context.CodeActionEquivalenceKey, context.CancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await FixPlace.InAsync(context.Document, context.CancellationToken).ConfigureAwait(false) is not { } place)
            return;

        foreach (var diagnostic in context.Diagnostics)
        {
            foreach (var offer in Offers(place, diagnostic))
            {
                context.RegisterCodeFix(
                    CodeAction.Create(offer.Title, cancelled => FixAsync(context.Document, [diagnostic], offer.Kind, cancelled), offer.Kind),
                    diagnostic);
            }
        }
    }

    /// <summary>The fixes for a diagnostic.</summary>
    private protected abstract IEnumerable<Offer> Offers(FixPlace place, Diagnostic diagnostic);

    private async Task<Document> FixAsync(
        Document document, ImmutableArray<Diagnostic> diagnostics, string? kind, CancellationToken cancellationToken)
    {
        if (await FixPlace.InAsync(document, cancellationToken).ConfigureAwait(false) is not { } place)
            return document;

        var edit = new DocumentEdit(place);
        foreach (var offer in diagnostics.SelectMany(each => Offers(place, each)).Where(each => each.Kind == kind))
            await offer.ApplyAsync(edit, cancellationToken).ConfigureAwait(false);

        return await edit.ApplyAsync(cancellationToken).ConfigureAwait(false);
    }
}
