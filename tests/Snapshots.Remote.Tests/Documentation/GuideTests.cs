using Containerd.Snapshots.Tests.Processes;
using Microsoft.AspNetCore.Http;
using Files = Containerd.Snapshots.Tests.Processes.Repository;

namespace Containerd.Snapshots.Tests.Remote.Documentation;

/// <summary>The snapshotter of docs/remote.md, which is compiled here.</summary>
internal sealed class GuideTests : RegistryTest
{
    private const string ChainId = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Test]
    public void The_guide_has_the_code_that_is_tested() => Assert.That(
        File.ReadAllText(PathOf("docs/remote.md")),
        Does.Contain($"```csharp\n{File.ReadAllText(PathOf("tests/Snapshots.Remote.Tests/Documentation/RegistrySnapshotter.cs"))}```\n"));

    [Test]
    [Category("Root")]
    public async Task It_supplies_a_layer_of_a_registry()
    {
        Tools.Require();
        var content = TestContent.Of(1000);
        await StartOnlyAsync(content);
        await using var snapshotter = NewSnapshotter();

        var answer = await snapshotter.PrepareAsync("key", "", Labels(content), default);

        Assert.That(answer.Error, Is.EqualTo(SnapshotterError.AlreadyExists));
        var layer = Directory.GetFiles(Folder, "layer", SearchOption.AllDirectories).Single();
        Assert.That(TestContent.Digest(await File.ReadAllBytesAsync(layer)), Is.EqualTo(content.Layers[0].Digest));
        Assert.That(Directory.GetFiles(Path.Combine(Folder, "root", "fetched")), Is.Empty);
    }

    [Test]
    [Category("Root")]
    public async Task It_lets_containerd_unpack_what_the_registry_denies()
    {
        Tools.Require();
        var content = TestContent.Of(1000);
        var registry = await StartOnlyAsync(content);
        registry.Behave = (context, _) =>
        {
            context.Response.StatusCode = 403;
            return Task.CompletedTask;
        };
        await using var snapshotter = NewSnapshotter();

        var answer = await snapshotter.PrepareAsync("key", "", Labels(content), default);

        Assert.That(answer.Value, Has.Count.EqualTo(1));
        Assert.That(Log.Text, Does.Contain($"containerd unpacks a layer of {Image}: {registry.Address} denies manifest"));
    }

    private static string PathOf(string path) => Files.PathOf(path);

    private RegistrySnapshotter NewSnapshotter() => new(Directory.CreateDirectory(Path.Combine(Folder, "root")).FullName, Options, SaveAsync, Log);

    private static async Task SaveAsync(Stream layer, string directory, CancellationToken cancellationToken)
    {
        await using var file = File.Create(Path.Combine(directory, "layer"));
        await layer.CopyToAsync(file, cancellationToken);
    }

    private static Dictionary<string, string> Labels(TestContent content) => new()
    {
        [SnapshotLabels.SnapshotRef] = ChainId,
        [SnapshotLabels.ImageRef] = Image.ToString(),
        [SnapshotLabels.ManifestDigest] = content.Manifest.ToString(),
        [SnapshotLabels.LayerDigest] = content.Layers[0].Digest.ToString(),
    };
}
