using Containerd.Snapshots;
using Containerd.Snapshots.Overlay;
using Containerd.Snapshots.Storage;
using Microsoft.Extensions.Logging;

namespace Samples.Overlay;

/// <summary>
/// The overlay snapshotter for production. ROOT/store/metadata.db has the records of the snapshots, ROOT/snapshots/NUMBER their
/// files. All calls are those of the library.
/// </summary>
[Snapshotter]
public sealed partial class OverlaySnapshotter(string root, OverlayOptions options, ILogger logger) : IAsyncDisposable
{
    [SnapshotterFallback]
    private readonly StoredSnapshotter _stored = StoredSnapshotter.Open(root, OverlayContent.Open(root, options), logger);

    public ValueTask DisposeAsync() => _stored.DisposeAsync();
}
