using Containerd.Snapshots;
#if (content == "overlay")
using Containerd.Snapshots.Overlay;
#endif
using Containerd.Snapshots.Storage;
using Microsoft.Extensions.Logging;

namespace MyNamespace;

/// <summary>
#if (content == "overlay")
/// A snapshotter of overlays: each snapshot is a directory with what differs from its parents.
#elif (content == "directories")
/// A snapshotter of whole directories: each snapshot begins as a copy of its parent, which takes no space on xfs with reflink
/// and on btrfs.
#elif (content == "files")
/// A snapshotter of ext4 images: each snapshot is a file, which containerd mounts through a loop device. A container cannot
/// write more than the size of its image.
#else
/// A snapshotter with a content of its own: see <see cref="MyContent"/>.
#endif
/// The store knows the snapshots, the content has their files. A public method here with the name of a call, such as
/// PrepareAsync, answers that call; all others go to <c>_stored</c>.
/// </summary>
[Snapshotter]
internal sealed partial class MySnapshotter(string root, ILogger logger) : IAsyncDisposable
{
#if (content == "files")
    // mkfs makes a directory lost+found, which would be in every container; e2fsck makes it again if it needs it.
    private const string MakeFileSystem = """
        mkfs.ext4 -q -F -m 0 -E nodiscard,lazy_itable_init=1,lazy_journal_init=1 "$0" &&
        debugfs -w -R 'rmdir lost+found' "$0"
        """;

    private static readonly SnapshotFileFormat Ext4 = new()
    {
        FileSystem = "ext4",
        Size = 10L << 30, // In bytes. The file has holes: it takes only the space that is written.
        Command = path => ["sh", "-c", MakeFileSystem, path],
        MountOptions = ["discard"],
    };

#endif
    [SnapshotterFallback]
#if (content == "overlay")
    private readonly StoredSnapshotter _stored = StoredSnapshotter.Open(root, OverlayContent.Open(root), logger);
#elif (content == "directories")
    private readonly StoredSnapshotter _stored = StoredSnapshotter.Open(root, SnapshotDirectories.Open(root), logger);
#elif (content == "files")
    private readonly StoredSnapshotter _stored = StoredSnapshotter.Open(root, SnapshotFiles.Open(root, Ext4), logger);
#else
    private readonly StoredSnapshotter _stored = StoredSnapshotter.Open(root, new MyContent(root), logger);
#endif

    public ValueTask DisposeAsync() => _stored.DisposeAsync();
}
