using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Containerd;

/// <summary>The overlay snapshotter for production, killed and started again between all steps.</summary>
internal sealed class LayersTests : ContainerdTest
{
    private const string First = "example.test/layers:1", Second = "example.test/layers:2";

    // Each file with its content, and each link with its target.
    private const string Show =
        "busybox find /files ! -type d | busybox sort | while read f; do [ -h $f ] && echo $f to $(busybox readlink $f) || echo $f: $(cat $f); done";

    protected override PublishedSample Sample => PublishedSample.Overlay;

    [Test]
    public async Task Five_layers_are_imported_run_changed_committed_run_again_and_collected()
    {
        var layers = Layers();
        await ImportAsync(First, layers);
        await KillAndStartAsync();
        Assert.That((await Ctr("run", "--rm", First, "one", "sh", "-c", Show)).Lines, Is.EqualTo(new[]
        {
            "/files/again: of layer 5",
            "/files/changed: of layer 2",
            "/files/dir/other: of layer 1",
            "/files/first: of layer 1",
            "/files/link to first",
            "/files/opaque/new: of layer 3",
            "/files/swap/inside: of layer 5",
        }));

        await KillAndStartAsync();
        await Ctr("run", First, "two", "sh", "-c",
            "cd files; echo of the container > first; rm again; rm -r opaque; mkdir opaque; echo mine > opaque/mine; mkdir -p more/deep; echo deep > more/deep/file");

        await KillAndStartAsync();
        var change = Path.Combine(Node.Box.Folder, "change.tar");
        (await Node.Box.RunAsync(
            ["sh", "-c", $"ctr snapshots diff --media-type application/vnd.oci.image.layer.v1.tar two > {change}"], Node.Containerd.Environment)).AssertSucceeded();

        await KillAndStartAsync();
        await ImportAsync(Second, [.. layers, await File.ReadAllBytesAsync(change)]);

        await KillAndStartAsync();
        Assert.That((await Ctr("run", "--rm", Second, "three", "sh", "-c", Show)).Lines, Is.EqualTo(new[]
        {
            "/files/changed: of layer 2",
            "/files/dir/other: of layer 1",
            "/files/first: of the container",
            "/files/link to first",
            "/files/more/deep/file: deep",
            "/files/opaque/mine: mine",
            "/files/swap/inside: of layer 5",
        }));

        await KillAndStartAsync();
        await Ctr("containers", "rm", "two");
        await Ctr("images", "rm", First, Second);
        await Node.Containerd.CollectGarbageAsync();

        Assert.That(await Node.Snapshotter.ListAsync(), Is.Empty);
        await Eventually.TrueAsync(
            () => Directory.GetFileSystemEntries(Path.Combine(Node.Snapshotter.Root, "snapshots")).Length == 0,
            "the directories of all snapshots are gone");
    }

    private static byte[][] Layers()
    {
        string[] commands = ["sh", "cat", "echo", "rm", "mkdir"];
        return
        [
            OciArchive.Layer(
            [
                OciArchive.Folder("bin"),
                OciArchive.Program("bin/busybox", File.ReadAllBytes("/bin/busybox")),
                .. commands.Select(command => OciArchive.Link($"bin/{command}", "busybox")),
                OciArchive.Folder("files"),
                OciArchive.Text("files/first", "of layer 1"),
                OciArchive.Text("files/changed", "of layer 1"),
                OciArchive.Text("files/again", "of layer 1"),
                OciArchive.Text("files/swap", "of layer 1"),
                OciArchive.Folder("files/opaque"),
                OciArchive.Text("files/opaque/old", "of layer 1"),
                OciArchive.Folder("files/dir"),
                OciArchive.Text("files/dir/other", "of layer 1"),
                OciArchive.Folder("files/dir/sub"),
                OciArchive.Text("files/dir/sub/file", "of layer 1"),
            ]),
            OciArchive.Layer(OciArchive.Folder("files"), OciArchive.Text("files/changed", "of layer 2"), OciArchive.Text("files/.wh.again", "")),
            OciArchive.Layer(OciArchive.Folder("files/opaque"), OciArchive.Text("files/opaque/.wh..wh..opq", ""), OciArchive.Text("files/opaque/new", "of layer 3")),
            OciArchive.Layer(OciArchive.Folder("files/dir"), OciArchive.Text("files/dir/.wh.sub", ""), OciArchive.Link("files/link", "first")),
            OciArchive.Layer(
                OciArchive.Text("files/again", "of layer 5"),
                OciArchive.Text("files/.wh.swap", ""),
                OciArchive.Folder("files/swap"),
                OciArchive.Text("files/swap/inside", "of layer 5")),
        ];
    }

    private async Task ImportAsync(string name, params IReadOnlyList<byte[]> layers)
    {
        var archive = Path.Combine(Node.Box.Folder, "image.tar");
        await OciArchive.WriteAsync(archive, name, layers);
        await Ctr("images", "import", archive);
    }

    private async Task KillAndStartAsync()
    {
        await Node.Snapshotter.KillAsync();
        await Node.Snapshotter.StartAsync();
        await ReachSnapshotter();
    }
}
