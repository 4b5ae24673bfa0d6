using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage.Content;

/// <summary>What the check of a machine, and the start, say of a root directory.</summary>
internal sealed class RootFindingTests
{
    private const int Longest = 471;

    private readonly RecordedLog _log = new();
    private StoreFolder _folder = null!;

    [SetUp]
    public void MakeFolder()
    {
        _log.Clear();
        _folder = new();
    }

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task The_longest_path_that_passes_the_check_works()
    {
        var root = FolderOf(Longest);

        Assert.That(Wrong(root), Is.Empty);
        await using var snapshotter = StoredSnapshotter.Open(root, new FakeContent(), _log);
        await snapshotter.PrepareAsync("key", "", Labels.None, CancellationToken.None);

        // The longest path: the copy before an upgrade.
        await snapshotter.Store.BackupAsync($"{root}/store/metadata.db.v99");
    }

    [TestCase("path")]
    [TestCase("link")]
    public void A_path_that_is_too_long_for_the_store_is_refused(string kind)
    {
        var root = FolderOf(Longest + 1);
        if (kind == "link")
            root = File.CreateSymbolicLink($"{_folder.Path}/link", root).FullName;

        AssertRefused(root, $"\"{root}\": with links resolved, its path has 472 bytes, and SQLite cannot open files with such long paths: choose a path of at most 471 bytes");
    }

    [Test]
    public void A_path_that_does_not_exist_is_measured_in_bytes() =>
        Assert.That(Wrong($"/{new string('ä', 300)}"), Has.One.Contains("its path has 601 bytes"));

    [Test]
    public void The_root_of_the_machine_is_refused() =>
        AssertRefused("/", "\"/\": it is the machine's root directory: choose a directory that only the snapshotter uses");

    [Test]
    [Category("Root")]
    public async Task A_root_in_memory_is_doubtful()
    {
        using var disk = MountedDisk.Tmpfs();

        await AssertDoubtfulAsync(disk.Path, $"\"{disk.Path}\" is in memory (tmpfs): the next reboot loses all snapshots, of which containerd still knows: choose a directory on a disk");
    }

    [Test]
    [Category("Root")]
    public async Task Snapshots_in_memory_are_doubtful()
    {
        using var disk = MountedDisk.Tmpfs();
        File.CreateSymbolicLink($"{_folder.Path}/snapshots", disk.Path);

        await AssertDoubtfulAsync(_folder.Path, $"\"{_folder.Path}/snapshots\" is in memory (tmpfs)");
    }

    [Test]
    public async Task Files_of_something_else_in_the_root_are_doubtful()
    {
        foreach (var name in new[] { "a", "b", "c", "d", "e", "f", ".lock", "lost+found", "snapshots" })
            Directory.CreateDirectory($"{_folder.Path}/{name}");

        await AssertDoubtfulAsync(_folder.Path, $"\"{_folder.Path}\" has files of something else: \"a\", \"b\", \"c\", \"d\", \"e\" and 1 more: choose a directory that only the snapshotter uses");
    }

    [Test]
    public async Task Files_beside_a_store_may_be_the_contents_own()
    {
        await StoredSnapshotter.Open(_folder.Path, new FakeContent(), _log).DisposeAsync();
        Directory.CreateDirectory($"{_folder.Path}/volumes");

        Assert.That(Warnings(_folder.Path), Is.Empty);
    }

    [Test]
    public void Names_beside_the_snapshots_are_doubtful()
    {
        Directory.CreateDirectory($"{_folder.Path}/snapshots/1");
        Directory.CreateDirectory($"{_folder.Path}/snapshots/backup");

        Assert.That(Warnings(_folder.Path), Is.EqualTo(new[]
        {
            $"\"{_folder.Path}/snapshots\" has names that are not a snapshot's: \"backup\": move them elsewhere; the snapshotter never removes them",
        }));
    }

    [Test]
    public void A_fit_root_has_no_findings_and_nothing_is_created()
    {
        Assert.That(StoredSnapshotter.Check($"{_folder.Path}/not/yet").Select(result => result.Level), Is.EqualTo(new[] { SnapshotterCheckLevel.Ok }));
        Assert.That(Directory.GetFileSystemEntries(_folder.Path), Is.Empty);
    }

    private void AssertRefused(string root, string text)
    {
        Assert.That(Wrong(root), Is.EqualTo(new[] { $"cannot use the root directory {text}" }));
        Assert.That(
            () => StoredSnapshotter.Open(root, new FakeContent(), _log),
            Throws.TypeOf<SnapshotterException>().With.Property("Error").EqualTo(SnapshotterError.FailedPrecondition).And.Message.EqualTo($"cannot use the root directory {text}"));
    }

    private async Task AssertDoubtfulAsync(string root, string text)
    {
        Assert.That(Warnings(root), Has.One.StartsWith(text));
        await StoredSnapshotter.Open(root, new FakeContent(), _log).DisposeAsync();
        Assert.That(_log.Entries.Select(entry => entry.Message), Has.One.StartsWith(text));
    }

    private static string[] Wrong(string root) => Texts(root, SnapshotterCheckLevel.Wrong);

    private static string[] Warnings(string root) => Texts(root, SnapshotterCheckLevel.Warning);

    private static string[] Texts(string root, SnapshotterCheckLevel level) =>
        [.. StoredSnapshotter.Check(root).Where(result => result.Level == level).Select(result => result.ToString())];

    // A folder whose path has this many bytes.
    private string FolderOf(int length)
    {
        var path = _folder.Path;
        while (path.Length < length)
            path += "/" + new string('x', Math.Min(200, length - path.Length - 1));

        return Directory.CreateDirectory(path).FullName;
    }
}
