using System.Formats.Tar;

namespace Containerd.Snapshots.Tests.Lazy.Pulling;

/// <summary>Layers with files in directories that they do not describe: these are those of the layers below.</summary>
internal sealed class ImpliedDirectoryTests : LazyTest
{
    private const string Script = "stat -c '%n %a %u %g %F' /opt /opt/app /opt/app/file /new /new/deep; cat /opt/app/file";

    private static readonly TestLayer Top = TestLayer.Gzip(OciArchive.Text("opt/app/file", "of the top\n"), OciArchive.Text("new/deep/file", "in new directories\n"));

    [Test]
    public async Task Layer_on_two_bases_is_as_containerd_unpacks_it_on_each()
    {
        var images = new[] { await PushAsync("test/one:1", Base(5, 0b111_000_000), Top), await PushAsync("test/two:1", Base(7, 0b111_101_000), Top) };

        await PullAsync(images[0]);
        await PullAsync(images[1]);

        var ours = await ShowAsync(images, PrivateContainerd.Snapshotter);
        foreach (var image in images)
            await Ctr("images", "pull", "--snapshotter", "overlayfs", Reference(image));

        var containerds = await ShowAsync(images, "overlayfs");
        Assert.That(ours, Is.EqualTo(containerds));
        Assert.That(ours[0][..2], Is.EqualTo(new[] { "/opt 700 5 5 directory", "/opt/app 700 5 5 directory" }));
        Assert.That(ours[1][..2], Is.EqualTo(new[] { "/opt 750 7 7 directory", "/opt/app 750 7 7 directory" }));
    }

    private static TestLayer Base(int owner, int mode) => TestLayer.Gzip(Folder("opt/", owner, mode), Folder("opt/app/", owner, mode));

    private static PaxTarEntry Folder(string path, int owner, int mode) => new(TarEntryType.Directory, path) { Uid = owner, Gid = owner, Mode = (UnixFileMode)mode };

    private async Task<IReadOnlyList<string[]>> ShowAsync(IReadOnlyList<PushedImage> images, string snapshotter)
    {
        var shown = new List<string[]>();
        foreach (var image in images)
            shown.Add((await Ctr("run", "--rm", "--snapshotter", snapshotter, Reference(image), $"show-{shown.Count}", "sh", "-c", Script)).Lines);

        return shown;
    }
}
