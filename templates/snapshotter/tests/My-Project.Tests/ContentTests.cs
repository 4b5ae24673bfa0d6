using Containerd.Snapshots.Wire;

namespace MyNamespace.Tests;

/// <summary>What the snapshots contain.</summary>
[TestFixture]
internal sealed class ContentTests : PluginTest
{
#if (content == "overlay")
    [Test]
    public void A_layer_without_a_parent_is_a_directory() =>
        Assert.That(Prepare("container").Single().Type, Is.EqualTo("bind"));

    [Test]
    public void A_container_lies_over_all_layers_of_its_image()
    {
        Layer("base");
        Layer("top", "base");

        var mount = Prepare("container", "top").Single();

        Assert.That(mount.Type, Is.EqualTo("overlay"));
        Assert.That(LayersOf(mount), Has.Length.EqualTo(2).And.All.Matches<string>(Directory.Exists));
    }

    private static string[] LayersOf(Mount mount) =>
        mount.Options.Single(option => option.StartsWith("lowerdir=", StringComparison.Ordinal))["lowerdir=".Length..].Split(':');
#elif (content == "files")
    [Test]
    public void A_snapshot_is_a_file_system_in_a_file_of_its_own()
    {
        Layer("layer");

        var (one, two) = (Prepare("one", "layer").Single(), Prepare("two", "layer").Single());

        Assert.That(one, Has.Property("Type").EqualTo("ext4").And.Property("Options").Contains("loop"));
        Assert.That(File.Exists(one.Source) && File.Exists(two.Source) && one.Source != two.Source, $"{one} {two}");
    }

    [Test]
    public void A_view_shows_the_file_of_its_parent()
    {
        var layer = Prepare("extract").Single();
        Commit("layer", "extract");

        Assert.That(View("view", "layer").Single().Source, Is.EqualTo(layer.Source));
    }
#else
    [Test]
    public void A_container_has_the_files_of_its_image_and_leaves_them_as_they_are()
    {
        LayerOf("layer", "content");

        Assert.That(Read(Prepare("one", "layer")), Is.EqualTo("content"));
        File.WriteAllText(FileOf(Mounts("one")), "changed");

        Assert.That(Read(Prepare("two", "layer")), Is.EqualTo("content"));
        Assert.That(Read(View("view", "layer")), Is.EqualTo("content"));
    }

    [Test]
    public void A_layer_keeps_its_files_when_its_containers_are_removed()
    {
        LayerOf("layer", "content");
        Prepare("container", "layer");
        Remove("container");

        Calls.Cleanup(new());

        Assert.That(Read(View("view", "layer")), Is.EqualTo("content"));
    }

    // Unpacks and commits a layer, as containerd does.
    private void LayerOf(string name, string content)
    {
        File.WriteAllText(FileOf(Prepare("extract")), content);
        Commit(name, "extract");
    }

    private static string Read(IReadOnlyList<Mount> mounts) => File.ReadAllText(FileOf(mounts));

    private static string FileOf(IReadOnlyList<Mount> mounts) => Path.Combine(mounts.Single().Source, "file");
#endif
}
