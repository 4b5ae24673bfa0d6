using Containerd.Snapshots.Hosting;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots;

/// <summary>What a host gives a snapshotter that it makes.</summary>
public sealed class SnapshotterHostContext
{
    private readonly string? _root;

    internal SnapshotterHostContext(string? name, string? root, ILogger logger, CancellationToken stopping)
    {
        Name = name;
        Logger = logger;
        Stopping = stopping;
        _root = root;
    }

    /// <summary>The name that the snapshotter was added under, or null for one without a name.</summary>
    public string? Name { get; }

    /// <summary>
    /// The directory of the option <c>--root</c>, as an absolute path: where the snapshotter keeps what it has. With a
    /// name, the directory of that name below it, so that several snapshotters never meet. It is created where it is
    /// missing, for its owner alone. A host whose snapshotter asks for it ends with a message if the option is not given.
    /// </summary>
    public string Root => field ??= HostRoot.Create(_root, Name);

    /// <summary>Logs to the host's log, on standard error, under the snapshotter's type.</summary>
    public ILogger Logger { get; }

    /// <summary>Canceled when the host begins to stop: for work in the background.</summary>
    public CancellationToken Stopping { get; }
}
