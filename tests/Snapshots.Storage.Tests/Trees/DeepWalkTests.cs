using Containerd.Snapshots.Shared;
using Containerd.Snapshots.Storage.Trees;
using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Tests.Storage.Fixtures;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Tests.Storage.Trees;

/// <summary>Walks through deep trees.</summary>
[Category("Root")]
internal sealed class DeepWalkTests
{
    private const int Depth = 60, MovedDepth = 50;

    [Test]
    public async Task A_deep_walk_has_few_directories_open()
    {
        Tools.Require("perl");
        using var disk = SnapshotDisk.Tmpfs();
        await SnapshotDisk.RunAsync(await disk.MakeAsync(1), DeepTree.Make(1000));
        var (before, during) = (OpenFiles(), 0);

        new Walking(() => during = OpenFiles()).Go(disk.Disk.Path);

        Assert.That(during - before, Is.InRange(32, 100));
        Assert.That(OpenFiles(), Is.EqualTo(before), "They are closed.");

        // On this disk only, since other tests run at the same time.
        int OpenFiles() => Directory.GetFileSystemEntries("/proc/self/fd").Count(file => IsIn(disk.Disk.Path, file));
    }

    // `..` then leads elsewhere.
    [Test]
    public async Task A_walk_whose_directory_is_moved_does_not_continue_outside()
    {
        Tools.Require("perl");
        using var disk = SnapshotDisk.Tmpfs();
        var content = await disk.MakeAsync(1);
        await SnapshotDisk.RunAsync(content, DeepTree.Make(Depth));
        var outside = disk.Disk.Folder("outside");
        var moved = $"{content}/{string.Join('/', Enumerable.Repeat("directory", MovedDepth))}";

        var walk = new Walking(() => Directory.Move(moved, $"{outside}/moved"));
        walk.Go(disk.Disk.Path);

        Assert.Multiple(() =>
        {
            Assert.That(walk.Lost, Is.EqualTo(1));
            Assert.That(walk.Left, Is.EqualTo(Depth - MovedDepth + 32), "What was moved was finished, and so are the first levels, which stay open.");
            Assert.That(Directory.GetFileSystemEntries(outside), Has.Length.EqualTo(1));
        });
    }

    private static bool IsIn(string folder, string openFile)
    {
        try
        {
            return File.ResolveLinkTarget(openFile, returnFinalTarget: false) is { } file && file.FullName.StartsWith(folder, StringComparison.Ordinal);
        }
        catch (PathTooLongException)
        {
            return true; // Only this test has paths of this length.
        }
        catch (FileNotFoundException)
        {
            return false; // It was closed meanwhile.
        }
    }

    private sealed class Walking(Action whenDeepest) : TreeWalk
    {
        private bool _hasBeenDeepest;

        public int Lost { get; private set; }

        public int Left { get; private set; }

        public void Go(string root)
        {
            _ = Linux.Open(root, OpenFlags.Directory, out var handle);
            using (handle)
                Walk(handle, "snapshots\0"u8, CancellationToken.None);
        }

        protected override bool Visit(SafeFileHandle directory, ReadOnlySpan<byte> name, byte type) =>
            type == DirectoryEntries.DirectoryType && !name.SequenceEqual("work\0"u8);

        protected override bool Enter(ReadOnlySpan<byte> name, in FileStatus status) => true;

        protected override bool Leave(SafeFileHandle above, TreeLevel level)
        {
            Left++;
            if (!_hasBeenDeepest)
                whenDeepest();
            _hasBeenDeepest = true;
            return false;
        }

        protected override void Stop(ReadOnlySpan<byte> name) => throw new AssertionException("Nothing is mounted.");

        protected override void Fail(ReadOnlySpan<byte> name, int error) => throw new AssertionException(Linux.Text(error));

        protected override void Lose(ReadOnlySpan<byte> name) => Lost++;
    }
}
