using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Architecture;

/// <summary>Folders and projects depend one way.</summary>
internal sealed class FolderTests
{
    private static readonly string[] Projects =
        [.. Directory.GetDirectories(Repository.PathOf("src"), "Snapshots.*").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    // Where a project may look: at these, and at what they look at.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Snapshots.Erofs"] = ["Snapshots.Runtime"],
        ["Snapshots.Generator"] = [],
        ["Snapshots.Generator.CodeFixes"] = ["Snapshots.Generator"],
        ["Snapshots.Hosting"] = ["Snapshots.Runtime"],
        ["Snapshots.Overlay"] = ["Snapshots.Storage"],
        ["Snapshots.Remote"] = ["Snapshots.Runtime"],
        ["Snapshots.Runtime"] = [],
        ["Snapshots.Storage"] = ["Snapshots.Runtime"],
    };

    [TestCaseSource(nameof(Projects))]
    public void Folders_of_a_project_have_no_circle(string project)
    {
        var uses = ProjectSources.Of(project).Uses();

        Assert.That(uses, Is.Not.Empty, "uses between folders");
        Assert.That(Circles.In(uses), Is.Empty);
    }

    [TestCaseSource(nameof(Projects))]
    public void A_project_references_no_other_than_it_may(string project) =>
        Assert.That(ProjectSources.Of(project).ReferencedProjects(), Is.EquivalentTo(Allowed[project]));

    [Test]
    public void A_circle_is_found_with_the_files_that_make_it()
    {
        Use[] uses = [new("A", "B", "A/One.cs uses Two"), new("B", "C", "B/Two.cs uses Three"), new("C", "B", "C/Three.cs uses Two"), new("C", "D", "C/Three.cs uses Four")];

        Assert.That(Circles.In(uses), Is.EqualTo(new[] { "B, C: B/Two.cs uses Three; C/Three.cs uses Two" }));
    }
}
