using System.Text.Json;

namespace Containerd.Snapshots.Tests.Containerd;

/// <summary>
/// Pulls from a registry with the sample that uses layers of a share. Clients that unpack while they fetch, such as CRI, tell
/// the snapshotter which layer they are about to unpack.
/// </summary>
internal sealed class SharedLayersTests : ContainerdTest
{
    private DirectoryInfo _folder = null!;
    private string _pull = null!;
    private LoopbackRegistry _registry = null!;
    private IReadOnlyList<string> _layers = [];

    protected override PublishedSample Sample => PublishedSample.SharedLayers;

    private string Image => $"{_registry.Address}/hello:1";

    private string Share => Path.Combine(PublishedSample.ShareOf(Node.Snapshotter.Root), "sha256");

    [OneTimeSetUp]
    public async Task Build()
    {
        _folder = Directory.CreateTempSubdirectory("pull-");
        _pull = await GoProgram.BuildAsync("tests/System/Containerd/Pull/main.go", _folder.FullName);
    }

    [OneTimeTearDown]
    public void DeleteFolder() => _folder?.Delete(recursive: true);

    [SetUp]
    public async Task Push()
    {
        _registry = await LoopbackRegistry.StartAsync(Node.Box);
        await ImportImage();
        await Ctr("images", "push", "--plain-http", Image, TestImage.Name);
        _layers = await LayersAsync();
        await Ctr("images", "rm", "--sync", TestImage.Name);
        await Node.Containerd.CollectGarbageAsync();
        Assert.That(await Node.Snapshotter.ListAsync(), Is.Empty);
    }

    // Before the node ends.
    [TearDown]
    public async Task StopRegistry()
    {
        if (_registry is not null)
            await _registry.DisposeAsync();

        _registry = null!;
    }

    [Test]
    public async Task Without_layers_on_the_share_all_are_fetched_and_unpacked()
    {
        await PullAsync();

        Assert.That(await _registry.FetchedAsync(), Is.SupersetOf(_layers));
        Assert.That((await Ctr("run", "--rm", Image, "one")).Lines[1..], Is.EqualTo(TestImage.Files));
    }

    [Test]
    public async Task Layers_on_the_share_are_not_fetched_whatever_namespace_asks_and_stay_there()
    {
        await UnpackAsync(_layers);
        var before = await TreeAsync();
        var other = $"{Node.Box.Name}-2";

        var fetched = await FetchedByAsync(() => PullAsync());
        var fetchedByOther = await FetchedByAsync(() => PullAsync(other));
        var (run, runOfOther) = (await Ctr("run", "--rm", Image, "one"), await Ctr("--namespace", other, "run", "--rm", Image, "two"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(fetched.Intersect(_layers), Is.Empty);
            Assert.That(fetchedByOther.Intersect(_layers), Is.Empty);
            Assert.That(run.Lines[1..], Is.EqualTo(TestImage.Files));
            Assert.That(runOfOther.Lines[1..], Is.EqualTo(TestImage.Files));
            Assert.That(await CommittedAsync(), Is.EqualTo(_layers.Count), "Both namespaces have the same snapshots.");
        }

        await Ctr("images", "rm", "--sync", Image);
        Assert.That((await Ctr("--namespace", other, "run", "--rm", Image, "three")).Lines[1..], Is.EqualTo(TestImage.Files));
        await Ctr("--namespace", other, "images", "rm", "--sync", Image);
        await Node.Containerd.CollectGarbageAsync();

        Assert.That(await Node.Snapshotter.ListAsync(), Is.Empty);
        await Eventually.TrueAsync(
            () => Directory.GetFileSystemEntries(Path.Combine(Node.Snapshotter.Root, "snapshots")).Length == 0, "the links of all snapshots are gone");
        Assert.That(await TreeAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task Container_writes_above_the_share_and_is_committed()
    {
        await UnpackAsync(_layers);
        var before = await TreeAsync();
        await PullAsync();

        await Ctr("run", Image, "writer", "sh", "-c", "echo mine >/layers/1.txt; rm -r /layers/folder");
        await Ctr("snapshots", "commit", "saved", "writer");
        await Ctr("snapshots", "prepare", "again", "saved");
        var root = await MountSnapshot("again");
        var run = await Ctr("run", "--rm", "--rootfs", root, "reader", "/bin/sh", "-c", "cat /layers/1.txt /layers/2.txt; ls /layers");

        Assert.That(run.Lines, Is.EqualTo(new[] { "mine", "written by layer 2", "1.txt", "2.txt", "3.txt", "changed.txt" }));
        Assert.That(await TreeAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task Layers_that_the_share_lacks_are_unpacked_on_those_that_it_has()
    {
        await UnpackAsync(_layers.Take(1));

        var fetched = await FetchedByAsync(() => PullAsync());
        var run = await Ctr("run", "--rm", Image, "one");

        Assert.That(fetched.Intersect(_layers), Is.EquivalentTo(_layers.Skip(1)));
        Assert.That(run.Lines[1..], Is.EqualTo(TestImage.Files));
    }

    private async Task PullAsync(string? inNamespace = null) => (await Node.Box.RunAsync(
        [_pull, Node.Containerd.Socket, inNamespace ?? Node.Box.Name, PrivateContainerd.Snapshotter, Image])).AssertSucceeded();

    private async Task<IReadOnlyList<string>> FetchedByAsync(Func<Task> pull)
    {
        var before = await _registry.FetchedAsync();
        await pull();
        return [.. (await _registry.FetchedAsync()).Skip(before.Count)];
    }

    private async Task<int> CommittedAsync() => (await Node.Snapshotter.ListAsync()).Count(snapshot => snapshot.Kind == Wire.Kind.Committed);

    // The digests of the image's layers, the lowest first.
    private async Task<IReadOnlyList<string>> LayersAsync()
    {
        var list = await Ctr("images", "ls", $"name=={TestImage.Name}");
        var manifest = await Ctr("content", "get", list.Lines[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[2]);
        return [.. JsonDocument.Parse(manifest.Output).RootElement.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("digest").GetString()!)];
    }

    // Puts layers on the share, as the snapshotter itself has unpacked them. Everything else is removed again.
    private async Task UnpackAsync(IEnumerable<string> layers)
    {
        await PullAsync();
        var snapshots = await Node.Snapshotter.ListAsync();
        var top = snapshots.Select(snapshot => snapshot.Name).Except(snapshots.Select(snapshot => snapshot.Parent)).Single();

        // Not a view, which ctr does not protect from the garbage collection.
        var prepared = await Ctr("snapshots", "prepare", "--target", "/target", "look", top.Split('/')[^1]);
        var directories = prepared.Output.Split("lowerdir=")[1].Split([' ', ',', '\n'])[0].Split(':').Reverse();

        Directory.CreateDirectory(Share);
        foreach (var (layer, directory) in layers.Zip(directories))
            (await Command.RunAsync(["cp", "--archive", directory, Path.Combine(Share, layer["sha256:".Length..])])).AssertSucceeded();

        await Ctr("snapshots", "rm", "look");
        await Ctr("images", "rm", "--sync", Image);
        await Node.Containerd.CollectGarbageAsync();
        Assert.That(await Node.Snapshotter.ListAsync(), Is.Empty);
    }

    // Everything on the share, with sizes and times.
    private async Task<string[]> TreeAsync() =>
        [.. (await Command.RunAsync(["find", Share, "-printf", "%P %y %m %s %T@ %C@\\n"])).AssertSucceeded().Lines.Order(StringComparer.Ordinal)];
}
