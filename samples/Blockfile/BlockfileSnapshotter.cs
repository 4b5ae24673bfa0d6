using Containerd.Snapshots;
using Containerd.Snapshots.Storage;
using Microsoft.Extensions.Logging;

namespace Samples.Blockfile;

/// <summary>
/// A snapshotter of ext4 images: each snapshot is a file, which containerd mounts through a loop device. A container cannot
/// write more than the size of its image. All calls are those of the library.
/// </summary>
[Snapshotter]
public sealed partial class BlockfileSnapshotter(string root, long size, ILogger logger) : IAsyncDisposable
{
    // The image is mounted again and again: its layout may be lazy. mkfs makes a directory lost+found, which would be in every
    // container; e2fsck makes it again if it needs it.
    private const string MakeFileSystem = """
        mkfs.ext4 -q -F -m 0 -E nodiscard,lazy_itable_init=1,lazy_journal_init=1 "$0" &&
        debugfs -w -R 'rmdir lost+found' "$0"
        """;

    [SnapshotterFallback]
    private readonly StoredSnapshotter _stored = StoredSnapshotter.Open(root, SnapshotFiles.Open(root, Ext4(size)), logger);

    public ValueTask DisposeAsync() => _stored.DisposeAsync();

    private static SnapshotFileFormat Ext4(long size) => new()
    {
        FileSystem = "ext4",
        Size = size,
        Command = path => ["sh", "-c", MakeFileSystem, path],
        MountOptions = ["discard"],
    };
}
