using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Containerd.Snapshots.Generator.CodeFixes.Editing;

/// <summary>Fixes that may change other documents than the diagnostic's; several are applied one after another.</summary>
public abstract class SolutionFixProvider : CodeFixProvider
{
    /// <summary>The title for fixing all at once.</summary>
    private protected abstract string TitleOfAll { get; }

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => new AllInSolution(this);

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var solution = context.Document.Project.Solution;
        foreach (var diagnostic in context.Diagnostics)
        {
            if (await TitleAsync(solution, diagnostic, context.CancellationToken).ConfigureAwait(false) is { } title)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(title, cancelled => FixAsync(solution, [diagnostic], cancelled), equivalenceKey: TitleOfAll), diagnostic);
            }
        }
    }

    /// <summary>The title of the fix, or null if there is none.</summary>
    private protected abstract Task<string?> TitleAsync(Solution solution, Diagnostic diagnostic, CancellationToken cancellationToken);

    private protected abstract Task<Solution> FixAsync(Solution solution, IReadOnlyList<Diagnostic> diagnostics, CancellationToken cancellationToken);

    private sealed class AllInSolution(SolutionFixProvider fixes) : FixAllProvider
    {
        public override async Task<CodeAction?> GetFixAsync(FixAllContext context)
        {
            var diagnostics = await DiagnosticsAsync(context).ConfigureAwait(false);
            return CodeAction.Create(fixes.TitleOfAll, cancelled => fixes.FixAsync(context.Solution, diagnostics, cancelled), fixes.TitleOfAll);
        }

        private static async Task<IReadOnlyList<Diagnostic>> DiagnosticsAsync(FixAllContext context)
        {
            if (context is { Scope: FixAllScope.Document, Document: { } document })
                return await context.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false);

            var projects = context.Scope == FixAllScope.Solution ? context.Solution.Projects : [context.Project];
            var found = await Task.WhenAll(projects.Select(context.GetAllDiagnosticsAsync)).ConfigureAwait(false);
            return [.. found.SelectMany(each => each)];
        }
    }
}
