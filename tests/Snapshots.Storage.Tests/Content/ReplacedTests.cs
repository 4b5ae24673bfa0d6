using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage.Content;

/// <summary>Another directory in the place of the one that was opened.</summary>
[Category("Root")]
internal sealed class ReplacedTests
{
    [TestCase("renamed")]
    [TestCase("renamed, with a new one in its place")]
    [TestCase("renamed with the root")]
    [TestCase("hidden by a mount")]
    public async Task Nothing_is_made_listed_or_removed_until_it_is_back(string what)
    {
        using var disk = MountedDisk.Tmpfs();
        var root = disk.Folder("root");
        using var directories = SnapshotDirectories.Open(root, new() { HasWork = true });
        await directories.MakeAsync(1);
        await directories.MakeAheadAsync([2, 3]);

        var (there, undo) = Replace(disk, root, what);
        Assert.Multiple(() =>
        {
            AssertReplaced(() => directories.MakeAsync(2), root);
            AssertReplaced(() => directories.MakeAsync(4), root);
            AssertReplaced(() => directories.MakeAheadAsync([5]), root);
            AssertReplaced(() => directories.CopyAsync(6, 1, CancellationToken.None), root);
            AssertReplaced(() => directories.MakeLinkAsync(7, "/", CancellationToken.None), root);
            AssertReplaced(() => Task.FromResult(directories.List()), root);
            AssertReplaced(() => Task.FromResult(directories.Remove(1, CancellationToken.None)), root);
            Assert.That(there is null || Directory.GetFileSystemEntries(there).Length == 0, "Nothing is made in the new one.");
        });

        undo();
        await directories.MakeAsync(3);
        await directories.MakeAsync(4);
        Assert.That(directories.List().Numbers, Is.EquivalentTo(new[] { 1L, 2L, 3L, 4L }), "It works again; number 2 is garbage.");
        Assert.That(new[] { directories.ContentPath(3), directories.ContentPath(4) }, Is.All.Exist);
    }

    [Test]
    public async Task Files_are_not_made_in_another_directory_either()
    {
        using var disk = MountedDisk.Tmpfs();
        var root = disk.Folder("root");
        using var files = SnapshotFiles.Open(root, new() { FileSystem = "ext4", Size = 1 << 20, Command = path => ["true"] });
        await files.MakeAsync(Active(1), CancellationToken.None);

        var (there, undo) = Replace(disk, root, "renamed, with a new one in its place");
        Assert.Multiple(() =>
        {
            AssertReplaced(() => files.MakeAsync(Active(2), CancellationToken.None).AsTask(), root);
            AssertReplaced(() => files.SealAsync(Active(1), CancellationToken.None).AsTask(), root);
            AssertReplaced(() => Task.FromResult(files.List()), root);
            AssertReplaced(() => files.RemoveAsync(1, CancellationToken.None).AsTask(), root);
            Assert.That(Directory.GetFileSystemEntries(there!), Is.Empty);
        });

        undo();
        await files.MakeAsync(Active(2), CancellationToken.None);
        Assert.That(files.List().Numbers, Is.EquivalentTo(new[] { 1L, 2L }));
    }

    // Returns the directory that is in its place, if there is one, and what puts the first one back.
    private static (string? There, Action Undo) Replace(MountedDisk disk, string root, string what)
    {
        var (path, away) = ($"{root}/snapshots", $"{disk.Path}/away");
        switch (what)
        {
            case "renamed":
                Directory.Move(path, away);
                return (null, () => Directory.Move(away, path));
            case "renamed with the root":
                Directory.Move(root, away);
                return (null, () => Directory.Move(away, root));
            case "hidden by a mount":
                Kernel.Mount(null, "tmpfs", path, "tmpfs", 0, "size=1m");
                disk.Undo(path);
                return (path, () => Kernel.Unmount(path));
            default:
                Directory.Move(path, away);
                Directory.CreateDirectory(path);
                return (path, () =>
                {
                    Directory.Delete(path);
                    Directory.Move(away, path);
                }
                );
        }
    }

    private static void AssertReplaced(Func<Task> call, string root) => Assert.That(
        call,
        Throws.TypeOf<SnapshotterException>()
            .With.Property("Error").EqualTo(SnapshotterError.Unavailable).And.Message.Contains($"\"{root}/snapshots\"").And.Message.Contains("put it back"));

    private static StoredSnapshot Active(long number) => new() { Number = number, Parents = [], Info = new() { Name = $"{number}", Kind = SnapshotKind.Active } };
}
