using Containerd.Snapshots.Overlay;
using Containerd.Snapshots.Tests.Fixtures;
using Containerd.Snapshots.Tests.Processes;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Tests.Trees;

/// <summary>A tree that somebody moves while a walk is deep down in it: <c>..</c> leads elsewhere then.</summary>
internal sealed class MovedTreeTests
{
    private const int Depth = 60, MovedDepth = 50;

    [Test]
    public async Task A_walk_never_goes_on_outside()
    {
        Tools.Require("perl");
        using var disk = SnapshotDisk.Tmpfs();
        var content = await disk.MakeAsync(1);
        await SnapshotDisk.RunAsync(content, DeepTree.Make(Depth));
        var outside = disk.Disk.Folder("outside");
        var moved = $"{content}/{string.Join('/', Enumerable.Repeat("directory", MovedDepth))}";

        var walk = new Moving(() => Directory.Move(moved, $"{outside}/moved"));
        walk.Go(disk.Disk.Path);

        Assert.Multiple(() =>
        {
            Assert.That(walk.Lost, Is.EqualTo(1));
            Assert.That(walk.Left, Is.EqualTo(Depth - MovedDepth + 32), "What was moved was finished, and so are the first levels, which stay open.");
            Assert.That(Directory.GetFileSystemEntries(outside), Has.Length.EqualTo(1));
        });
    }

    private sealed class Moving(Action move) : TreeWalk
    {
        private bool _hasMoved;

        public int Lost { get; private set; }

        public int Left { get; private set; }

        public void Go(string root)
        {
            _ = Linux.OpenDirectory(root, out var handle);
            using (handle)
                Walk(handle, "snapshots\0"u8, CancellationToken.None);
        }

        protected override bool Visit(SafeFileHandle directory, ReadOnlySpan<byte> name, byte type) =>
            type == DirectoryEntries.DirectoryType && !name.SequenceEqual("work\0"u8);

        protected override bool Enter(ReadOnlySpan<byte> name, in FileStatus status) => true;

        protected override bool Leave(SafeFileHandle above, TreeLevel level)
        {
            Left++;
            if (!_hasMoved)
                move();
            _hasMoved = true;
            return false;
        }

        protected override void Stop(ReadOnlySpan<byte> name) => throw new AssertionException("Nothing is mounted.");

        protected override void Fail(ReadOnlySpan<byte> name, int error) => throw new AssertionException(Errno.Text(error));

        protected override void Lose(ReadOnlySpan<byte> name) => Lost++;
    }
}
