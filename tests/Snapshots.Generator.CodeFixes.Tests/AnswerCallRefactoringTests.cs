using Containerd.Snapshots.Generator.CodeFixes.Fixes;
using Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;
using Microsoft.CodeAnalysis.CodeActions;
using Project = Microsoft.CodeAnalysis.Project;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes;

/// <summary>A call of a fallback is answered in the class.</summary>
internal sealed class AnswerCallRefactoringTests
{
    private const string Part = """
        internal class Part
        {
            public SnapshotInfo? Stat(string key) => null;
            public Task RemoveAsync(string key, CancellationToken token) => Task.CompletedTask;
            public void Cleanup() { }
        }

        """;

    [TestCase("Stat", "", "public SnapshotInfo? Stat(string key) =>\n        _part.Stat(key);")]
    [TestCase("Remove", "", "public Task RemoveAsync(string key, CancellationToken token) =>\n        _part.RemoveAsync(key, token);")]
    [TestCase("Cleanup", "?", "public void Cleanup() =>\n        _part!.Cleanup();")]
    public async Task A_method_that_forwards_is_written(string call, string nullable, string method)
    {
        var (project, actions) = await OffersAsync(Part + Class($"[SnapshotterFallback] private readonly Part{nullable} _part = new();"));
        var action = actions.Single().NestedActions.Single(each => each.Title == $"Answer {call} here");

        var changed = ((ApplyChangesOperation)(await action.GetOperationsAsync(CancellationToken.None)).Single()).ChangedSolution.GetProject(project.Id)!;

        Assert.That((await changed.Documents.First().GetTextAsync()).ToString(), Does.Contain($"    {method}\n}}"));
        Assert.That(await Workspace.AnalyzeAsync(changed), Is.Empty);
    }

    [Test]
    public async Task Calls_that_the_class_has_are_not_offered()
    {
        var (_, actions) = await OffersAsync(Part + Class("[SnapshotterFallback] private readonly Part _part = new();", "public void Cleanup() { }"));

        Assert.That(actions.Single().NestedActions.Select(each => each.Title), Is.EqualTo(new[] { "Answer Stat here", "Answer Remove here" }));
    }

    [Test]
    public async Task The_methods_of_a_snapshotter_are_offered()
    {
        var (_, actions) = await OffersAsync(Part.Replace("internal class", "[Snapshotter] internal partial class") + Class("[SnapshotterFallback] private readonly Part _part = new();"));

        Assert.That(actions.Single().NestedActions, Has.Length.EqualTo(3));
    }

    [TestCase("[SnapshotterFallback] private static readonly Part _part = new();")]
    [TestCase("[Obsolete] private readonly Part _part = new();")]
    public async Task Nothing_is_offered_without_a_fallback(string member)
    {
        var (_, actions) = await OffersAsync(Part + Class(member), at: member.Split(']')[0]);

        Assert.That(actions, Is.Empty);
    }

    private static string Class(params string[] members) => $$"""
        [Snapshotter]
        internal partial class Example
        {
        {{string.Concat(members.Select(member => $"    {member}\n"))}}}
        """;

    private static async Task<(Project Project, IReadOnlyList<CodeAction> Actions)> OffersAsync(string source, string at = "SnapshotterFallback")
    {
        var project = Workspace.Open(new(source));
        var document = project.Documents.First();
        var text = (await document.GetTextAsync()).ToString();
        var actions = new List<CodeAction>();
        await new AnswerCallRefactoringProvider().ComputeRefactoringsAsync(new(
            document, new(text.IndexOf(at, StringComparison.Ordinal), 0), actions.Add, CancellationToken.None));
        return (project, actions);
    }
}
