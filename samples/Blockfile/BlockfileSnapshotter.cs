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

    private readonly StoredSnapshotter _stored = StoredSnapshotter.Open(root, SnapshotFiles.Open(root, Ext4(size)), logger);

    public SnapshotInfo? Stat(string key) => _stored.Stat(key);

    public Task<SnapshotInfo> UpdateAsync(SnapshotInfo info, IReadOnlyList<string> fieldPaths, CancellationToken cancellationToken) =>
        _stored.UpdateAsync(info, fieldPaths, cancellationToken);

    public ValueTask<SnapshotUsage?> UsageAsync(string key, CancellationToken cancellationToken) => _stored.UsageAsync(key, cancellationToken);

    public IReadOnlyList<Mount>? Mounts(string key) => _stored.Mounts(key);

    public Task<IReadOnlyList<Mount>> PrepareAsync(
        string key, string parent, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        _stored.PrepareAsync(key, parent, labels, cancellationToken);

    public Task<IReadOnlyList<Mount>> ViewAsync(
        string key, string parent, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        _stored.ViewAsync(key, parent, labels, cancellationToken);

    public Task CommitAsync(
        string name, string key, string parent, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        _stored.CommitAsync(name, key, parent, labels, cancellationToken);

    public Task RemoveAsync(string key, CancellationToken cancellationToken) => _stored.RemoveAsync(key, cancellationToken);

    public IEnumerable<SnapshotInfo> Walk(SnapshotFilter filter) => _stored.Walk(filter);

    public Task CleanupAsync(CancellationToken cancellationToken) => _stored.CleanupAsync(cancellationToken);

    public ValueTask DisposeAsync() => _stored.DisposeAsync();

    private static SnapshotFileFormat Ext4(long size) => new()
    {
        FileSystem = "ext4",
        Size = size,
        Command = path => ["sh", "-c", MakeFileSystem, path],
        MountOptions = ["discard"],
    };
}
