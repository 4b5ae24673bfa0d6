using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;

/// <summary>
/// Asserts what a fix changes in a document, and that neither the compiler nor the analyzers report anything afterwards,
/// under the strictest settings.
/// </summary>
/// <param name="Provider">The provider of the fix.</param>
/// <param name="Title">The fix that is chosen where there are several; by default the only one.</param>
internal sealed record Fix(CodeFixProvider Provider, string? Title = null)
{
    /// <summary>The diagnostics that may remain after the fix, by id.</summary>
    public ImmutableArray<string> Left { get; init; } = [];

    /// <summary>Whether global usings import the usual namespaces.</summary>
    public bool GlobalUsings { get; init; } = true;

    /// <summary>Fixes the first fixable diagnostic.</summary>
    public Task AssertTurnsAsync(string before, string after) => AssertTurnsAsync([before], [after]);

    public async Task AssertTurnsAsync(string[] before, string[] after)
    {
        var project = Workspace.Open(new([.. before]), GlobalUsings);
        var (_, action) = await ChooseAsync(project);

        await AssertResultAsync(project, action, after);
    }

    /// <summary>Fixes all diagnostics in the first document that the same fix is offered for.</summary>
    public Task AssertTurnsAllAsync(string before, string after) => AssertTurnsAllAsync(FixAllScope.Document, [before], [after]);

    public async Task AssertTurnsAllAsync(FixAllScope scope, string[] before, string[] after)
    {
        var project = Workspace.Open(new([.. before]), GlobalUsings);
        var (document, chosen) = await ChooseAsync(project);

        await AssertResultAsync(project, await AllAsync(document, chosen, scope), after);
    }

    /// <summary>Applies each fix that is offered for the first diagnostic of a rule, each to the whole document.</summary>
    public async Task<IReadOnlyList<(string Title, Microsoft.CodeAnalysis.Project Fixed)>> OutcomesAsync(Microsoft.CodeAnalysis.Project project, string rule)
    {
        var first = (await FixableAsync(project)).First(each => each.Id == rule);
        var document = project.GetDocument(first.Location.SourceTree)!;
        var outcomes = new List<(string, Microsoft.CodeAnalysis.Project)>();

        foreach (var action in await ActionsAsync(project, first))
            outcomes.Add((action.Title, await ChangedAsync(project, await AllAsync(document, action, FixAllScope.Document))));

        return outcomes;
    }

    /// <summary>Applies each fix that is offered for a diagnostic.</summary>
    public async Task TryAsync(Microsoft.CodeAnalysis.Project project, Diagnostic diagnostic)
    {
        foreach (var action in await ActionsAsync(project, diagnostic))
            _ = await ChangedAsync(project, action);
    }

    private Task<CodeAction> AllAsync(Document document, CodeAction chosen, FixAllScope scope) => FixAll.ActionAsync(Provider, document, chosen, scope);

    private static async Task<Microsoft.CodeAnalysis.Project> ChangedAsync(Microsoft.CodeAnalysis.Project project, CodeAction action)
    {
        var operation = (await action.GetOperationsAsync(CancellationToken.None)).OfType<ApplyChangesOperation>().Single();
        return operation.ChangedSolution.GetProject(project.Id)!;
    }

    /// <summary>The fixes with these titles are offered for the first diagnostic.</summary>
    public async Task AssertOffersAsync(string source, params string[] titles)
    {
        var project = Workspace.Open(new(source));
        var first = (await FixableAsync(project)).First();

        Assert.That((await ActionsAsync(project, first)).Select(each => each.Title), Is.EqualTo(titles));
    }

    private async Task AssertResultAsync(Microsoft.CodeAnalysis.Project project, CodeAction action, string[] after)
    {
        var changed = await ChangedAsync(project, action);
        var texts = await Task.WhenAll(changed.Documents.Take(after.Length).Select(each => each.GetTextAsync()));

        Assert.That(texts.Select(each => each.ToString()), Is.EqualTo(after));
        Assert.That((await Workspace.CheckAsync(changed)).Where(each => !Left.Contains(each.Id)), Is.Empty);
    }

    private async Task<(Document Document, CodeAction Action)> ChooseAsync(Microsoft.CodeAnalysis.Project project)
    {
        var first = (await FixableAsync(project)).First();
        var actions = await ActionsAsync(project, first);
        var action = Title is null ? actions.Single() : actions.Single(each => each.Title == Title);
        return (project.GetDocument(first.Location.SourceTree)!, action);
    }

    private async Task<IEnumerable<Diagnostic>> FixableAsync(Microsoft.CodeAnalysis.Project project) =>
        (await Workspace.AnalyzeAsync(project)).Where(each => Provider.FixableDiagnosticIds.Contains(each.Id));

    private async Task<List<CodeAction>> ActionsAsync(Microsoft.CodeAnalysis.Project project, Diagnostic diagnostic)
    {
        var actions = new List<CodeAction>();
        var document = project.GetDocument(diagnostic.Location.SourceTree)!;
        await Provider.RegisterCodeFixesAsync(new(document, diagnostic, (action, _) => actions.Add(action), CancellationToken.None));
        return actions;
    }
}
