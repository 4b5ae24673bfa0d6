using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Containerd.Snapshots.Generator.CodeFixes.Editing;

/// <summary>Offers fixes that break nothing; any number of them are applied in one edit.</summary>
public abstract class FixProvider : CodeFixProvider
{
    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => new AllFixes(this);

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await FixPlace.InAsync(context.Document, context.CancellationToken).ConfigureAwait(false) is not { } place)
            return;

        foreach (var diagnostic in context.Diagnostics)
        {
            foreach (var offer in Offers(place, diagnostic))
            {
                if (await Fixing.ActionAsync(place, offer, context.CancellationToken).ConfigureAwait(false) is { } action)
                    context.RegisterCodeFix(action, diagnostic);
            }
        }
    }

    /// <summary>The fixes for a diagnostic.</summary>
    private protected abstract IEnumerable<Offer> Offers(FixPlace place, Diagnostic diagnostic);

    private async Task<Solution> FixAsync(Solution solution, IEnumerable<Diagnostic> diagnostics, string? kind, CancellationToken cancellationToken)
    {
        var fixes = new List<(FixPlace, Offer)>();
        foreach (var inDocument in diagnostics.GroupBy(each => each.Location.SourceTree))
        {
            if (solution.GetDocument(inDocument.Key) is { } document && await FixPlace.InAsync(document, cancellationToken).ConfigureAwait(false) is { } place)
                fixes.AddRange(inDocument.SelectMany(each => Offers(place, each)).Where(each => each.Kind == kind).Select(each => (place, each)));
        }

        return await Fixing.MakeAsync(solution, fixes, cancellationToken).ConfigureAwait(false);
    }

    private sealed class AllFixes(FixProvider provider) : FixAllProvider
    {
        public override async Task<CodeAction?> GetFixAsync(FixAllContext context)
        {
            var diagnostics = await DiagnosticsAsync(context).ConfigureAwait(false);
            return CodeAction.Create(
                "Fix all",
                cancelled => provider.FixAsync(context.Solution, diagnostics, context.CodeActionEquivalenceKey, cancelled),
                context.CodeActionEquivalenceKey);
        }

        private static async Task<ImmutableArray<Diagnostic>> DiagnosticsAsync(FixAllContext context)
        {
            if (context is { Scope: FixAllScope.Document, Document: { } document })
                return await context.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false);

            var projects = context.Scope == FixAllScope.Solution ? context.Solution.Projects : [context.Project];
            var found = await Task.WhenAll(projects.Select(context.GetAllDiagnosticsAsync)).ConfigureAwait(false);
            return [.. found.SelectMany(each => each)];
        }
    }
}
