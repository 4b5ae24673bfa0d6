using Containerd.Snapshots;
using Containerd.Snapshots.Storage;
using Microsoft.Extensions.Logging;

namespace Samples.Reflink;

/// <summary>
/// A snapshotter of whole directories: a snapshot begins as a copy of its parent, which takes no space and little time on xfs
/// with reflink and on btrfs. Containers see an ordinary directory, without an overlay. All calls are those of the library.
/// </summary>
[Snapshotter]
public sealed partial class ReflinkSnapshotter(string root, ILogger logger) : IAsyncDisposable
{
    [SnapshotterFallback]
    private readonly StoredSnapshotter _stored = StoredSnapshotter.Open(root, SnapshotDirectories.Open(root), logger);

    public ValueTask DisposeAsync() => _stored.DisposeAsync();
}
