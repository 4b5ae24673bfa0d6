using Containerd.Snapshots.Generator.CodeFixes.Fixes;
using Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeRefactorings;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes;

/// <summary>Writing the missing calls of a class, offered at its attribute.</summary>
internal sealed class ImplementCallsRefactoringTests
{
    [Test]
    public async Task At_the_attribute()
    {
        var (project, actions) = await OfferedAtAsync(AllButCleanup(""), "Snapshotter]");
        var operation = (await actions.Single().GetOperationsAsync(CancellationToken.None)).OfType<ApplyChangesOperation>().Single();
        var changed = operation.ChangedSolution.GetProject(project.Id)!;
        var text = await changed.Documents.First().GetTextAsync();

        Assert.That(text.ToString(), Is.EqualTo(AllButCleanup("""


                /// <summary>Frees the disk space of removed snapshots.</summary>
                public void Cleanup() => throw new NotImplementedException();
            """)));
        Assert.That(await Workspace.CheckAsync(changed), Is.Empty);
    }

    [TestCase("Serializable")]
    [TestCase("class")]
    [TestCase("Walk")]
    public async Task Nowhere_else(string place) => Assert.That((await OfferedAtAsync(AllButCleanup(""), place)).Actions, Is.Empty);

    [Test]
    public async Task Nothing_where_nothing_is_missing() =>
        Assert.That((await OfferedAtAsync(AllButCleanup("\n    public void Cleanup() { }"), "Snapshotter]")).Actions, Is.Empty);

    private static async Task<(Microsoft.CodeAnalysis.Project Project, List<CodeAction> Actions)> OfferedAtAsync(string source, string place)
    {
        var project = Workspace.Open(new(source));
        var actions = new List<CodeAction>();
        var position = source.IndexOf(place, StringComparison.Ordinal);
        await new ImplementCallsRefactoringProvider().ComputeRefactoringsAsync(
            new CodeRefactoringContext(project.Documents.First(), new(position, 0), actions.Add, CancellationToken.None));

        return (project, actions);
    }

    private static string AllButCleanup(string cleanup) => $$"""
        [Snapshotter]
        [Serializable]
        internal partial class Example
        {
            public IReadOnlyList<Mount> Prepare(string key) => Array.Empty<Mount>();
            public IReadOnlyList<Mount> View(string key) => Array.Empty<Mount>();
            public IReadOnlyList<Mount> Mounts(string key) => Array.Empty<Mount>();
            public SnapshotInfo? Stat(string key) => null;
            public SnapshotInfo? Update(SnapshotInfo info) => null;
            public SnapshotUsage? Usage(string key) => null;
            public IEnumerable<SnapshotInfo> Walk() => Array.Empty<SnapshotInfo>();
            public void Commit(string name, string key) { }
            public void Remove(string key) { }{{cleanup}}
        }
        """;
}
