using System.Diagnostics.CodeAnalysis;
using Containerd.Snapshots;
using Containerd.Snapshots.Erofs;
using Microsoft.Extensions.Logging;
using Samples.Lazy.Reporting;

namespace Samples.Lazy.Layers;

/// <summary>
/// The layers that snapshots have. Each layer's image is mounted once, at ROOT/layers/mounts/NAME, and bound to
/// ROOT/snapshots/NUMBER of each snapshot that has it: its files are then in NUMBER/fs, where those of other snapshots are, too.
/// Where the mount is missing, NUMBER has no <c>fs</c>, and an overlay on it fails. The link ROOT/layers/snapshots/NUMBER names the
/// snapshot's layer. A layer is removed with its last snapshot. All members are thread-safe.
/// </summary>
internal sealed class LayerStore
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // A refused layer is not tried again in this time.
    private static readonly TimeSpan RefusedFor = TimeSpan.FromDays(1);

    private readonly string _snapshots, _links, _mounts;
    private readonly ErofsMountOptions _options;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly Dictionary<long, UsedLayer> _layers = [];
    private readonly Dictionary<SnapshotDigest, HashSet<long>> _users = [];

    /// <param name="root">The root directory.</param>
    /// <param name="options">How images are mounted.</param>
    /// <param name="logger">Gets an error for each layer that cannot be mounted.</param>
    public LayerStore(string root, ErofsMountOptions options, ILogger logger)
    {
        Files = new(root);
        _snapshots = Path.Combine(root, "snapshots");
        _links = Path.Combine(Files.Directory, "snapshots");
        _mounts = Path.Combine(Files.Directory, "mounts");
        _options = options;
        _logger = logger;
        Directory.CreateDirectory(_links, OwnerOnly);
        Directory.CreateDirectory(_mounts, OwnerOnly);
        LayerFolder.Sync(Files.Directory);
        foreach (var path in Directory.EnumerateFileSystemEntries(_links))
        {
            if (long.TryParse(Path.GetFileName(path), out var number) && UsedLayer.TryParse(new FileInfo(path).LinkTarget, out var layer))
                Note(number, layer);
        }

        foreach (var layer in Files.List())
            Files.Discard(layer);
    }

    public LayerFolder Files { get; }

    /// <summary>
    /// Tells the file of a lazy layer that can be mounted; null if the layer is not lazy. Such a layer is mounted like a complete
    /// one, which takes its place when it is.
    /// </summary>
    public Func<SnapshotDigest, string?> LazyFileOf { get; set; } = static _ => null;

    /// <summary>Is called when a layer is removed.</summary>
    public Action<SnapshotDigest> Removing { get; set; } = static _ => { };

    /// <summary>Whether a layer can be mounted.</summary>
    public bool IsUsable(SnapshotDigest layer) => Files.IsComplete(layer) || LazyFileOf(layer) is not null;

    /// <summary>The snapshots that have a layer.</summary>
    public IReadOnlyList<long> SnapshotsOf(SnapshotDigest layer)
    {
        lock (_lock)
            return [.. _users.GetValueOrDefault(layer) ?? []];
    }

    /// <summary>The snapshots that have a layer.</summary>
    public IReadOnlyCollection<long> Snapshots
    {
        get
        {
            lock (_lock)
                return [.. _layers.Keys];
        }
    }

    /// <summary>The layer that a snapshot has; null if its files are its own.</summary>
    public SnapshotDigest? LayerOf(long number)
    {
        lock (_lock)
            return _layers.GetValueOrDefault(number)?.Layer;
    }

    public bool IsUsed(SnapshotDigest layer)
    {
        lock (_lock)
            return _users.ContainsKey(layer);
    }

    /// <summary>Gives a snapshot a layer, which need not be complete. When this returns, it survives a power cut.</summary>
    public void Attach(long number, UsedLayer layer)
    {
        lock (_lock)
        {
            Directory.CreateDirectory(PathOf(number), OwnerOnly);
            LayerFolder.Sync(_snapshots);
            File.CreateSymbolicLink(LinkOf(number), layer.ToString());
            LayerFolder.Sync(_links);
            Note(number, layer);
            if (IsUsable(layer.Layer))
                Mount(layer.Layer, [number]);
        }
    }

    /// <summary>Mounts a layer, and binds it to all snapshots that have it. A complete layer takes the place of a lazy one.</summary>
    /// <exception cref="IOException">The kernel cannot mount it.</exception>
    public void Mount(SnapshotDigest layer)
    {
        lock (_lock)
            Mount(layer, _users.GetValueOrDefault(layer) ?? []);
    }

    /// <summary>Mounts all layers that can be, as after a restart of the machine. What cannot be mounted is logged.</summary>
    public void MountAll()
    {
        lock (_lock)
        {
            var mounted = ErofsMount.List().ToLookup(each => each.Directory);
            foreach (var (layer, numbers) in _users)
            {
                if (!IsUsable(layer) || numbers.Select(PathOf).Append(MountOf(layer)).All(path => mounted[path].Any() && !IsOutdated(layer, mounted[path].Last())))
                    continue;

                try
                {
                    Mount(layer, numbers);
                }
                catch (IOException exception)
                {
                    LazyLog.CannotMount(_logger, layer, exception.Message);
                }
            }
        }
    }

    /// <summary>Whether a snapshot's layer is mounted where it should be.</summary>
    public bool IsMounted(long number) => Directory.Exists(Path.Combine(PathOf(number), "fs"));

    /// <summary>The directory with a mounted layer's files.</summary>
    public string FilesOf(SnapshotDigest layer) => Path.Combine(MountOf(layer), "fs");

    /// <summary>Takes a removed snapshot's layer away, and removes the layer with its last snapshot.</summary>
    /// <returns>The space that the layer used; zero if other snapshots have it.</returns>
    public SnapshotUsage Detach(long number)
    {
        lock (_lock)
        {
            if (!_layers.TryGetValue(number, out var layer))
                return SnapshotUsage.None;

            UnmountAll(PathOf(number));
            File.Delete(LinkOf(number));
            _layers.Remove(number);
            if (_users[layer.Layer].Remove(number) && _users[layer.Layer].Count > 0)
                return SnapshotUsage.None;

            _users.Remove(layer.Layer);
            var refused = Files.Read(layer.Layer) is { State: LayerState.Refused } record ? record : null;
            var usage = Free(layer.Layer);
            if (refused is not null)
                Files.Write(layer.Layer, refused with { KeptUntil = DateTimeOffset.UtcNow + RefusedFor });

            return usage;
        }
    }

    /// <summary>
    /// Removes what was fetched of a layer. The record stays if a snapshot has the layer, which is then fetched again after a
    /// restart, or if it says why the layer is not supplied.
    /// </summary>
    public void Discard(SnapshotDigest layer)
    {
        lock (_lock)
        {
            Files.Discard(layer);
            if (!_users.ContainsKey(layer) && !IsElsewhere(layer) && Files.Read(layer) is not { State: LayerState.NotSupplied or LayerState.Refused })
                Free(layer);
        }
    }

    /// <summary>Replaces a layer's record. Whether there is one to write is asked when no other change is under way.</summary>
    public void Record(SnapshotDigest layer, Func<LayerRecord?> record)
    {
        lock (_lock)
        {
            if (record() is { } written)
                Files.Write(layer, written);
        }
    }

    /// <summary>
    /// Removes layers that no snapshot has: those whose time is over, and, of the others, the oldest ones until all layers together
    /// are within a limit.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="most">How many bytes the layers may use; null for no limit. Layers that snapshots have stay.</param>
    /// <param name="isNeeded">Whether something else needs a layer.</param>
    public void RemoveUnused(DateTimeOffset now, long? most, Func<SnapshotDigest, bool> isNeeded)
    {
        var layers = Files.List().Select(layer => (Layer: layer, Record: Files.Read(layer))).OrderBy(each => each.Record?.Time).ToList();
        var used = layers.Sum(each => each.Record?.DiskSize ?? 0);
        foreach (var (layer, record) in layers)
        {
            lock (_lock)
            {
                if (!_users.ContainsKey(layer) && !isNeeded(layer) && ((record?.KeptUntil ?? default) < now || used > most))
                    used -= Free(layer).Size;
            }
        }
    }

    private void Note(long number, UsedLayer layer)
    {
        _layers[number] = layer;
        if (!_users.TryGetValue(layer.Layer, out var numbers))
            _users.Add(layer.Layer, numbers = []);

        numbers.Add(number);
    }

    private void Mount(SnapshotDigest layer, IEnumerable<long> numbers)
    {
        var at = MountOf(layer);
        Directory.CreateDirectory(at, OwnerOnly);
        if (ErofsMount.Find(at) is not { } mounted)
            ErofsMount.Mount(FileOf(layer) ?? throw new IOException($"the layer {layer} is not here"), at, _options);
        else if (IsOutdated(layer, mounted))
            ErofsMount.Replace(Files.ImageOf(layer), at, _options);

        var onlyOn = Files.Read(layer)?.OnlyOn;
        foreach (var path in numbers.Where(number => onlyOn is null || _layers[number].Below?.ToString() == onlyOn).Select(PathOf))
        {
            Directory.CreateDirectory(path, OwnerOnly);
            if (ErofsMount.Find(path) is not { } bound)
                ErofsMount.Bind(at, path);
            else if (IsOutdated(layer, bound))
                ErofsMount.ReplaceBind(at, path);
        }
    }

    private string? FileOf(SnapshotDigest layer) => Files.IsComplete(layer) ? Files.ImageOf(layer) : LazyFileOf(layer);

    // Whether the mount is of the lazy image, although the layer is complete.
    private bool IsOutdated(SnapshotDigest layer, MountedErofs mounted) => Files.IsComplete(layer) && mounted.Image == LazyFileOf(layer);

    // Whether another process serves the lazy layer.
    private bool IsElsewhere(SnapshotDigest layer) => File.Exists(Files.LazyImageOf(layer)) && LazyFileOf(layer) is null;

    private SnapshotUsage Free(SnapshotDigest layer)
    {
        var record = Files.Read(layer);
        UnmountAll(MountOf(layer));
        if (Directory.Exists(MountOf(layer)))
            Directory.Delete(MountOf(layer));

        Removing(layer);
        Files.Remove(layer);
        return record is { State: LayerState.Complete } ? new(record.DiskSize, record.Inodes) : SnapshotUsage.None;
    }

    // At once: an overlay that still has it keeps it until it is unmounted itself.
    private static void UnmountAll(string directory)
    {
        while (ErofsMount.Find(directory) is not null)
            ErofsMount.UnmountLazily(directory);
    }

    private string PathOf(long number) => Path.Combine(_snapshots, $"{number}");

    private string LinkOf(long number) => Path.Combine(_links, $"{number}");

    private string MountOf(SnapshotDigest layer) => Path.Combine(_mounts, LayerFolder.NameOf(layer));
}

/// <summary>The layer that a snapshot has, as the text of a link.</summary>
/// <param name="Layer">The layer's digest.</param>
/// <param name="Below">The chain ID of the layers below; null for none.</param>
internal sealed record UsedLayer(SnapshotDigest Layer, SnapshotDigest? Below)
{
    public static bool TryParse(string? text, [NotNullWhen(true)] out UsedLayer? used)
    {
        used = text?.Split('@') is [var layer, var below] && SnapshotDigest.TryParse(layer, out var digest)
            ? new(digest, SnapshotDigest.TryParse(below, out var chainId) ? chainId : null)
            : null;
        return used is not null;
    }

    public override string ToString() => $"{Layer}@{Below}";
}
