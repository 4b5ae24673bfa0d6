using System.Collections.Immutable;
using Containerd.Snapshots.Tests.Generator.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;

/// <summary>The project of a case, with the usual warnings.</summary>
internal sealed class CaseProject
{
    private const string Caret = "[||]";

    private readonly Microsoft.CodeAnalysis.Project _project;
    private readonly int _caret;

    private CaseProject(Microsoft.CodeAnalysis.Project project, int caret) => (_project, _caret) = (project, caret);

    public static CaseProject Open(Case each)
    {
        var settings = each.Find("settings") ?? "";
        var sources = new[] { each["source"], each.Find("other") }.OfType<string>().Select(source => settings.Contains("crlf", StringComparison.Ordinal) ? source.ReplaceLineEndings("\r\n") : source).ToList();
        var caret = sources[0].IndexOf(Caret, StringComparison.Ordinal);
        if (caret >= 0)
            sources[0] = sources[0].Remove(caret, Caret.Length);

        var project = Workspace.Open(new([.. sources]), !settings.Contains("no global usings", StringComparison.Ordinal));
        return new(project.WithCompilationOptions(project.CompilationOptions!.WithGeneralDiagnosticOption(ReportDiagnostic.Default)), caret);
    }

    public async Task AssertFixesAsync(string title, string after, string? other)
    {
        var (diagnostic, _, action) = (await ActionsAsync()).FirstOrDefault(each => each.Action.Title == title);
        Assert.That(action, Is.Not.Null, await OfferedAsync());
        await AssertResultAsync(action, diagnostic, after, other);
    }

    public async Task AssertFixesAllAsync(string title, string after, string? other)
    {
        var (diagnostic, provider, action) = (await ActionsAsync()).FirstOrDefault(each => each.Action.Title == title);
        Assert.That(action, Is.Not.Null, await OfferedAsync());

        var document = _project.GetDocument(diagnostic!.Location.SourceTree)!;
        await AssertResultAsync(await FixAll.ActionAsync(provider!, document, action, FixAllScope.Document), diagnostic, after, other);
    }

    public async Task AssertOffersNotAsync(string title) => Assert.That((await ActionsAsync()).Select(each => each.Action.Title), Does.Not.Contain(title));

    /// <summary>Nothing is offered, though there is something to fix.</summary>
    public async Task AssertOffersNoneAsync()
    {
        if (_caret < 0)
            Assert.That((await FixableAsync()).Select(each => each.Id), Is.Not.Empty);

        Assert.That(await OfferedAsync(), Is.Empty);
    }

    private async Task<string> OfferedAsync() => string.Join("\n", (await ActionsAsync()).Select(each => each.Action.Title));

    private async Task<List<(Diagnostic? Diagnostic, CodeFixProvider? Provider, CodeAction Action)>> ActionsAsync()
    {
        var actions = new List<(Diagnostic?, CodeFixProvider?, CodeAction)>();
        foreach (var diagnostic in _caret < 0 ? await FixableAsync() : [])
        {
            foreach (var provider in Providers.OfFixes.Where(each => each.FixableDiagnosticIds.Contains(diagnostic.Id)))
            {
                var document = _project.GetDocument(diagnostic.Location.SourceTree)!;
                await provider.RegisterCodeFixesAsync(new(document, diagnostic, (action, _) => actions.Add((diagnostic, provider, action)), CancellationToken.None));
            }
        }

        foreach (var provider in _caret < 0 ? [] : Providers.OfRefactorings)
        {
            await provider.ComputeRefactoringsAsync(new(
                _project.Documents.First(), new(_caret, 0), action => actions.AddRange((action.NestedActions is { Length: > 0 } nested ? nested : [action]).Select(each => ((Diagnostic?)null, (CodeFixProvider?)null, each))), CancellationToken.None));
        }

        return actions;
    }

    private async Task<IEnumerable<Diagnostic>> FixableAsync() =>
        (await Workspace.AnalyzeAsync(_project)).Where(each => Providers.OfFixes.Any(provider => provider.FixableDiagnosticIds.Contains(each.Id)));

    private async Task AssertResultAsync(CodeAction action, Diagnostic? diagnostic, string after, string? other)
    {
        var operation = (await action.GetOperationsAsync(CancellationToken.None)).OfType<ApplyChangesOperation>().Single();
        var changed = operation.ChangedSolution.GetProject(_project.Id)!;

        Assert.That(await TextAsync(changed, 0), Is.EqualTo(after));
        if (other is not null)
            Assert.That(await TextAsync(changed, 1), Is.EqualTo(other));

        await AssertCompilesAsync(changed);
        if (diagnostic is not null)
            Assert.That(await CountAsync(changed, diagnostic.Id), Is.LessThan(await CountAsync(_project, diagnostic.Id)));
    }

    /// <summary>The text of a document; the case has lines that end with \n only.</summary>
    private async Task<string> TextAsync(Microsoft.CodeAnalysis.Project changed, int document)
    {
        var before = (await _project.Documents.ElementAt(document).GetTextAsync()).ToString();
        var text = (await changed.Documents.ElementAt(document).GetTextAsync()).ToString();
        if (!before.Contains('\r', StringComparison.Ordinal))
            return text.Trim('\n');

        Assert.That(text.Replace("\r\n", "", StringComparison.Ordinal), Does.Not.Contain('\n'));
        return text.ReplaceLineEndings("\n").Trim('\n');
    }

    private async Task AssertCompilesAsync(Microsoft.CodeAnalysis.Project changed)
    {
        using var stream = new MemoryStream();
        var result = (await changed.GetCompilationAsync())!.Emit(stream);
        var before = await WarningsAsync(_project);

        Assert.That(result.Diagnostics.Where(each => each.Severity >= DiagnosticSeverity.Warning && !before.Contains(each.Id)), Is.Empty);
        Assert.That(result.Success);
    }

    private static async Task<ImmutableHashSet<string>> WarningsAsync(Microsoft.CodeAnalysis.Project project) =>
        [.. (await project.GetCompilationAsync())!.GetDiagnostics().Where(each => each.Severity == DiagnosticSeverity.Warning).Select(each => each.Id)];

    private static async Task<int> CountAsync(Microsoft.CodeAnalysis.Project project, string id) => (await Workspace.AnalyzeAsync(project)).Count(each => each.Id == id);
}
