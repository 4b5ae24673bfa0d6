using Containerd.Snapshots;
using Containerd.Snapshots.Storage;
using Microsoft.Extensions.Logging;
using Samples.Lazy.Pulling;

namespace Samples.Lazy;

/// <summary>
/// An overlay snapshotter that fetches layers by itself, from the registry, as EROFS images. containerd neither downloads nor
/// unpacks them. What it cannot supply, containerd unpacks as usual.
/// </summary>
[Snapshotter]
internal sealed partial class LazySnapshotter(string root, LazyContent content, ILogger logger) : IAsyncDisposable
{
    [SnapshotterFallback]
    private readonly StoredSnapshotter _stored = StoredSnapshotter.Open(root, content, logger, new() { OwnNames = LazyContent.OwnNames });

    /// <summary>Answers AlreadyExists for a layer that is here, or will be: containerd holds a lock, so nothing waits for it.</summary>
    public async Task<SnapshotResult<IReadOnlyList<Mount>>> PrepareAsync(
        string key, string parent, IReadOnlyDictionary<string, string> labels, SnapshotContext context, CancellationToken cancellationToken)
    {
        await RemoveBrokenAsync(labels, cancellationToken);
        if (await content.FindAsync(labels, cancellationToken) is { } layer)
        {
            if (await _stored.CommitRemoteAsync(key, parent, labels, (snapshot, _) => Promise(snapshot, layer), cancellationToken))
                return SnapshotResult.AlreadyExists(labels[SnapshotLabels.SnapshotRef]);
        }

        await WaitAsync(parent, context, cancellationToken);
        return SnapshotResult.Of(await _stored.PrepareAsync(key, parent, labels, cancellationToken));
    }

    public async Task<IReadOnlyList<Mount>> ViewAsync(
        string key, string parent, IReadOnlyDictionary<string, string> labels, SnapshotContext context, CancellationToken cancellationToken)
    {
        await WaitAsync(parent, context, cancellationToken);
        return await _stored.ViewAsync(key, parent, labels, cancellationToken);
    }

    /// <summary>Waits for a promised layer. containerd asks for it right after AlreadyExists, and holds no lock then.</summary>
    public async Task<SnapshotInfo?> StatAsync(string key, SnapshotContext context, CancellationToken cancellationToken)
    {
        await WaitAsync(key, context, cancellationToken);
        return _stored.Stat(key);
    }

    public async Task<SnapshotUsage?> UsageAsync(string key, SnapshotContext context, CancellationToken cancellationToken)
    {
        await WaitAsync(key, context, cancellationToken);
        return _stored.Store.Find(key) is { Number: var number } && content.UsageOf(number) is { } usage
            ? usage
            : await _stored.UsageAsync(key, cancellationToken);
    }

    public async Task<IReadOnlyList<Mount>?> MountsAsync(string key, SnapshotContext context, CancellationToken cancellationToken)
    {
        await WaitAsync(key, context, cancellationToken);
        return _stored.Mounts(key);
    }

    public ValueTask DisposeAsync() => _stored.DisposeAsync();

    // For a snapshot's own files and for those of all layers below it.
    private async Task WaitAsync(string key, SnapshotContext context, CancellationToken cancellationToken)
    {
        if (!content.HasPromises || key.Length == 0 || _stored.Store.Find(key) is not { } snapshot)
            return;

        foreach (var number in snapshot.Parents.Prepend(snapshot.Number))
        {
            if (content.PromiseOf(number) is { } promise)
                await context.WaitAsync(promise, cancellationToken);
        }
    }

    private ValueTask Promise(StoredSnapshot snapshot, SuppliedLayer layer)
    {
        content.Promise(snapshot, layer);
        return default;
    }

    // containerd removes the snapshot of a promise that was not kept. Should it ask for it before, it must be able to unpack.
    private async Task RemoveBrokenAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        if (content.HasPromises
            && labels.GetValueOrDefault(SnapshotLabels.SnapshotRef) is { Length: > 0 } name
            && _stored.Store.Find(name) is { } snapshot
            && content.PromiseOf(snapshot.Number) is { IsFaulted: true })
        {
            await _stored.RemoveAsync(name, cancellationToken);
        }
    }
}
