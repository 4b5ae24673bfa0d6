using System.CommandLine;
using Containerd.Snapshots.Hosting.Setup;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots;

/// <summary>What a host gives a snapshotter that it makes.</summary>
public sealed class SnapshotterHostContext
{
    private readonly HostSettings _settings;
    private HostRoot? _root;

    internal SnapshotterHostContext(string? name, HostSettings settings, ILogger logger, CancellationToken stopping)
    {
        Name = name;
        Logger = logger;
        Stopping = stopping;
        _settings = settings;
        CommandLine = new(name, settings);
    }

    /// <summary>The name that the snapshotter was added under, or null for one without a name.</summary>
    public string? Name { get; }

    /// <summary>
    /// The directory of the option <c>--root</c>, as an absolute path: where the snapshotter keeps what it has. With a
    /// name, the directory of that name below it, so that several snapshotters never meet. It is created where it is
    /// missing, for its owner alone, and locked by the file <c>.lock</c> in it, so that no other host uses it meanwhile.
    /// A host whose snapshotter asks for it ends with a message if the option is not given. A path with a comma or a
    /// colon is no good for overlay mounts: <c>Mount.Overlay</c> refuses it.
    /// </summary>
    public string Root => (_root ??= HostRoot.Acquire(_settings.Root, Name)).Path;

    /// <summary>Logs to the host's log, on standard error, under the snapshotter's type.</summary>
    public ILogger Logger { get; }

    /// <summary>What the command line says, as capabilities and checks are given it.</summary>
    public SnapshotterCommandLine CommandLine { get; }

    /// <summary>Canceled when the host begins to stop: for work in the background.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>What the command line gives for an option of the program's own, or the option's default.</summary>
    /// <typeparam name="T">The type of the option's value.</typeparam>
    /// <param name="option">An option that was added by <see cref="SnapshotterHostBuilder.AddOption"/>.</param>
    public T? GetValue<T>(Option<T> option) => CommandLine.GetValue(option);

    /// <summary>Gives the root directory free.</summary>
    internal void Release() => _root?.Dispose();
}
