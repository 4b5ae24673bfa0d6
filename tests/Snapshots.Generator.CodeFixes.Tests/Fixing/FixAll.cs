using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;

/// <summary>Fixes all diagnostics that the same fix is offered for, as an editor does.</summary>
internal static class FixAll
{
    public static async Task<CodeAction> ActionAsync(CodeFixProvider provider, Document document, CodeAction chosen, FixAllScope scope)
    {
        var context = new FixAllContext(document, provider, scope, chosen.EquivalenceKey!, provider.FixableDiagnosticIds, new Diagnostics(), CancellationToken.None);
        return (await provider.GetFixAllProvider()!.GetFixAsync(context))!;
    }

    private sealed class Diagnostics : FixAllContext.DiagnosticProvider
    {
        public override async Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(
            Microsoft.CodeAnalysis.Project project, CancellationToken cancellationToken) => await Workspace.AnalyzeAsync(project);

        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken)
        {
            var tree = await document.GetSyntaxTreeAsync(cancellationToken);
            return (await Workspace.AnalyzeAsync(document.Project)).Where(each => each.Location.SourceTree == tree);
        }

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(
            Microsoft.CodeAnalysis.Project project, CancellationToken cancellationToken) => Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}
