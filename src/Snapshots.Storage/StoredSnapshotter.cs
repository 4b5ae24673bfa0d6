using Containerd.Snapshots.Storage.Sweeping;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Storage;

/// <summary>
/// A whole snapshotter: a <see cref="SnapshotStore"/> for what is known of the snapshots, and an <see cref="ISnapshotContent"/>
/// for what they contain. A class marked <see cref="SnapshotterAttribute"/> has one as its fallback
/// (<see cref="SnapshotterFallbackAttribute"/>).
/// </summary>
/// <remarks>
/// <para>
/// Nothing that was answered is lost by a crash or a power cut, except that a snapshot removed in the last seconds may be back
/// after a power cut. Whether the files of a committed layer survive a power cut depends on the content's
/// <see cref="ISnapshotContent.SealAsync"/>. A snapshot's content is durable before the snapshot is stored, and a snapshot is
/// stored before its call is answered. Content without a snapshot is garbage: content whose making failed is removed at once,
/// that of removed snapshots in the background, and what a crash left after the next start.
/// </para>
/// <para>
/// The records are in <c>ROOT/store/metadata.db</c>. If it is missing beside content, the snapshotter does not open, since it
/// would remove all content, even of running containers. All members are thread-safe. The calls throw containerd's errors, as
/// <see cref="SnapshotterException"/>.
/// </para>
/// </remarks>
public sealed partial class StoredSnapshotter : IAsyncDisposable
{
    // Measuring keeps its thread busy. With more at once, other calls would wait for a processor. With one, a single large
    // tree would delay all others.
    private static readonly int MaxMeasuring = Math.Max(2, Environment.ProcessorCount / 2);

    private readonly ISnapshotContent _content;
    private readonly ContentSweeper _sweeper;
    private readonly StoredSnapshotterGauges _gauges;
    private readonly SemaphoreSlim _measuring = new(MaxMeasuring);
    private readonly ILogger _logger;
    private readonly string _root;
    private readonly CancellationTokenSource _stopping = new();

    private StoredSnapshotter(string root, SnapshotStore store, ISnapshotContent content, ILogger logger)
    {
        _root = root;
        _content = content;
        _logger = logger;
        Store = store;
        _sweeper = new(content, store.IsInUse, store.SyncAsync, logger);
        _gauges = new(root, store);
        Started = Task.Run(() => FinishStartAsync(_stopping.Token));
    }

    /// <summary>The records of the snapshots, for backups, for example.</summary>
    public SnapshotStore Store { get; }

    /// <summary>Ends when what follows the start is done: the search for lost content and the first cleanup.</summary>
    internal Task Started { get; }

    /// <summary>Opens the snapshotter's store, or creates it, and begins to remove what a crash left.</summary>
    /// <param name="root">The absolute path of an existing directory that only this program uses.</param>
    /// <param name="content">The content. The snapshotter disposes it, also if it cannot be opened.</param>
    /// <param name="logger">Gets what is lost or cannot be removed.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="SnapshotterException">
    /// FailedPrecondition: the root is <c>/</c> or has too long a path, or the store is missing although there is content.
    /// Others as from <see cref="SnapshotStore.Open(string, SnapshotStoreOptions?)"/>. The message is for the operator.
    /// </exception>
    /// <exception cref="IOException">The content cannot be listed.</exception>
    public static StoredSnapshotter Open(string root, ISnapshotContent content, ILogger logger, StoredSnapshotterOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(logger);
        SnapshotStore? store = null;
        try
        {
            var warnings = WarningsOf(root, options?.OwnNames ?? []); // Before the store is there.
            store = OpenStore(root, content, options ?? new());
            var snapshotter = new StoredSnapshotter(root, store, content, logger);
            foreach (var warning in warnings)
                StoredSnapshotterLog.Doubtful(logger, warning);

            return snapshotter;
        }
        catch
        {
            store?.Dispose();
            DisposeAsync(content).AsTask().GetAwaiter().GetResult();
            throw;
        }
    }

    /// <summary>Returns the information about a snapshot of any kind, or null if the key does not exist.</summary>
    /// <param name="key">The key of an active snapshot or view, or the name of a committed snapshot.</param>
    public SnapshotInfo? Stat(string key) => Store.Stat(key);

    /// <summary>Changes labels, by the rules of <see cref="SnapshotLabels.Update"/>.</summary>
    /// <param name="info">The snapshot's name, and the new labels.</param>
    /// <param name="fieldPaths">The labels to change, such as <c>labels.NAME</c>; empty for all.</param>
    /// <param name="cancellationToken">Cancels the call before the change starts.</param>
    /// <returns>The snapshot's new information.</returns>
    /// <exception cref="SnapshotterException">NotFound, or InvalidArgument if a path names something other than labels.</exception>
    public Task<SnapshotInfo> UpdateAsync(SnapshotInfo info, IReadOnlyList<string> fieldPaths, CancellationToken cancellationToken) =>
        Store.UpdateAsync(info, fieldPaths, cancellationToken);

    /// <summary>
    /// Returns a snapshot's usage: of a committed snapshot as measured at its commit, of an active one as it is now, of a view
    /// zero. Few are measured at once; the others wait without a thread.
    /// </summary>
    /// <param name="key">The key of an active snapshot or view, or the name of a committed snapshot.</param>
    /// <param name="cancellationToken">Cancels the measuring.</param>
    /// <returns>The usage, or null if the key does not exist, or no longer.</returns>
    public async ValueTask<SnapshotUsage?> UsageAsync(string key, CancellationToken cancellationToken)
    {
        if (Store.Find(key) is not { } snapshot)
            return null;

        if (snapshot.Info.Kind != SnapshotKind.Active)
            return snapshot.Usage ?? new(0, 0);

        await _measuring.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var usage = await _content.MeasureAsync(snapshot, cancellationToken).ConfigureAwait(false);
            return IsRemoved(snapshot) ? null : usage;
        }
        catch (Exception exception) when (exception is not OperationCanceledException && IsRemoved(snapshot))
        {
            return null;
        }
        finally
        {
            _measuring.Release();
        }
    }

    /// <summary>Returns the mounts of an active snapshot or a view, or null if the key does not exist.</summary>
    /// <param name="key">The snapshot's key.</param>
    /// <exception cref="SnapshotterException">FailedPrecondition: the snapshot is committed.</exception>
    public IReadOnlyList<Mount>? Mounts(string key) => Store.Find(key) switch
    {
        null => null,
        { Info.Kind: SnapshotKind.Committed } => throw SnapshotterException.FailedPrecondition($"snapshot \"{key}\" is committed: it has no mounts"),
        var snapshot => _content.Mounts(snapshot),
    };

    /// <summary>Creates an active snapshot, into which containerd unpacks a layer, or on which it runs a container.</summary>
    /// <param name="key">The snapshot's key.</param>
    /// <param name="parent">The name of the parent, a committed snapshot; empty for none.</param>
    /// <param name="labels">The snapshot's labels; labels with an empty value are not stored.</param>
    /// <param name="cancellationToken">Cancels the call before the snapshot is stored.</param>
    /// <returns>The mounts, writable.</returns>
    /// <exception cref="SnapshotterException">
    /// Checked in this order: NotFound (the parent), InvalidArgument (the parent is not committed, or the key is empty),
    /// AlreadyExists (the key).
    /// </exception>
    public Task<IReadOnlyList<Mount>> PrepareAsync(
        string key, string parent, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        CreateAsync(SnapshotKind.Active, key, parent, labels, cancellationToken);

    /// <summary>Creates a read-only snapshot, which cannot be committed.</summary>
    /// <inheritdoc cref="PrepareAsync" path="/param"/>
    /// <returns>The mounts, read-only.</returns>
    /// <exception cref="SnapshotterException">As from <see cref="PrepareAsync"/>.</exception>
    public Task<IReadOnlyList<Mount>> ViewAsync(
        string key, string parent, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        CreateAsync(SnapshotKind.View, key, parent, labels, cancellationToken);

    /// <summary>Commits an active snapshot: seals and measures its content, and gives it its name.</summary>
    /// <param name="name">The name of the committed snapshot.</param>
    /// <param name="key">The key of the active snapshot; it can be used again afterwards.</param>
    /// <param name="parent">The parent that the committed snapshot must have, or gets if it has none; empty for the parent that it has.</param>
    /// <param name="labels">The new labels, which replace the old ones; labels with an empty value are not stored.</param>
    /// <param name="cancellationToken">Cancels the call before the change starts.</param>
    /// <exception cref="SnapshotterException">As from <see cref="SnapshotStore.CommitAsync"/>.</exception>
    public Task CommitAsync(
        string name, string key, string parent, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        Store.CommitAsync(name, key, parent, labels, FinishAsync, cancellationToken);

    /// <summary>Removes a snapshot of any kind. Its key or name can be used again at once; its content is removed in the background.</summary>
    /// <param name="key">The key of an active snapshot or view, or the name of a committed snapshot.</param>
    /// <param name="cancellationToken">Cancels the call before the change starts.</param>
    /// <exception cref="SnapshotterException">
    /// NotFound, or FailedPrecondition if the snapshot has children, or one that is being made.
    /// </exception>
    public async Task RemoveAsync(string key, CancellationToken cancellationToken)
    {
        var removed = await Store.RemoveAsync(key, cancellationToken).ConfigureAwait(false);
        _sweeper.Enqueue(removed.Number);
    }

    /// <summary>Returns the snapshots that match a filter.</summary>
    /// <param name="filter">The filter.</param>
    public IEnumerable<SnapshotInfo> Walk(SnapshotFilter filter) => Store.Walk(filter);

    /// <summary>Removes all content that no snapshot has.</summary>
    /// <param name="cancellationToken">Cancels the wait; the cleanup continues.</param>
    /// <exception cref="IOException">The content cannot be listed.</exception>
    /// <exception cref="SnapshotterException">Unavailable: the content cannot be reached now.</exception>
    public async Task CleanupAsync(CancellationToken cancellationToken)
    {
        await Store.GiveUpAheadAsync().ConfigureAwait(false);
        await _sweeper.CleanupAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops the removal of content, closes the store, and disposes the content.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _gauges.Dispose();
        await _sweeper.DisposeAsync().ConfigureAwait(false);
        await Started.ConfigureAwait(false);
        Store.Dispose();
        await DisposeAsync(_content).ConfigureAwait(false);
    }

    private static ValueTask DisposeAsync(ISnapshotContent content)
    {
        if (content is IAsyncDisposable asynchronous)
            return asynchronous.DisposeAsync();

        (content as IDisposable)?.Dispose();
        return default;
    }

    private static SnapshotStore OpenStore(string root, ISnapshotContent content, StoredSnapshotterOptions options) =>
        SnapshotStore.Open(StorePath(root), new()
        {
            LastNumber = content.List().Numbers.DefaultIfEmpty().Max(),
            BeginAnew = options.BeginAnew,
            MakeAhead = content.MakeAhead,
            TimeProvider = options.TimeProvider,
        });

    // In a directory of its own, which needs other attributes than the content. Earlier versions had it in the root.
    private static string StorePath(string root)
    {
        var (path, earlier) = (Path.Combine(root, "store", "metadata.db"), Path.Combine(root, "metadata.db"));
        try
        {
            SnapshotStore.Move(earlier, path);
            return path;
        }
        catch (SnapshotterException exception) when (exception.Error == SnapshotterError.ResourceExhausted)
        {
            return earlier; // Removals must be possible on a full disk. The next start moves it.
        }
    }

    private async Task<IReadOnlyList<Mount>> CreateAsync(
        SnapshotKind kind, string key, string parent, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        IReadOnlyList<Mount> mounts = [];
        var making = new ContentInTheMaking(this, MakeAsync);
        try
        {
            await Store.CreateAsync(kind, key, parent, labels, making.MakeAsync, cancellationToken).ConfigureAwait(false);
            return mounts;
        }
        catch
        {
            making.RemoveRest();
            throw;
        }

        // Before the snapshot is stored: a call whose mounts cannot be told must leave no snapshot.
        async ValueTask MakeAsync(StoredSnapshot planned, CancellationToken token)
        {
            await _content.MakeAsync(planned, token).ConfigureAwait(false);
            mounts = _content.Mounts(planned);
        }
    }

    private async ValueTask<SnapshotUsage> FinishAsync(StoredSnapshot active, CancellationToken cancellationToken)
    {
        await _content.SealAsync(active, cancellationToken).ConfigureAwait(false);
        return await _content.MeasureAsync(active, cancellationToken).ConfigureAwait(false);
    }

    private bool IsRemoved(StoredSnapshot snapshot) => Store.Find(snapshot.Number) is null;
}
