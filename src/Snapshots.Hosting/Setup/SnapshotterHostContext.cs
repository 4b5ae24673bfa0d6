using System.CommandLine;
using Containerd.Snapshots.Hosting.Setup;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots;

/// <summary>The root directory, log, options and stop token for a snapshotter that the host creates.</summary>
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

    /// <summary>The name with which the snapshotter was added, or null if it has none.</summary>
    public string? Name { get; }

    /// <summary>
    /// The absolute path of the snapshotter's data directory: the directory of the option <c>--root</c>, or its subdirectory
    /// with the snapshotter's name. The first read creates it with mode 0700 if it is missing, and locks it with the file
    /// <c>.lock</c> in it until the host ends. If the option was not given, or another host uses the directory, the program
    /// ends with a message. The kernel's overlay mounts do not accept a path with a comma, a colon or a backslash.
    /// </summary>
    public string Root => (_root ??= HostRoot.Acquire(_settings.Root, Name)).Path;

    /// <summary>Writes to the host's log, on standard error, with the snapshotter's type as its category.</summary>
    public ILogger Logger { get; }

    /// <summary>The command line, as capabilities and checks get it.</summary>
    public SnapshotterCommandLine CommandLine { get; }

    /// <summary>Canceled when the host begins to stop. Use it to end background work.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Returns the value of one of the program's own options, or its default if it was not given.</summary>
    /// <typeparam name="T">The type of the option's value.</typeparam>
    /// <param name="option">An option that was added with <see cref="SnapshotterHostBuilder.AddOption"/>.</param>
    public T? GetValue<T>(Option<T> option) => CommandLine.GetValue(option);

    /// <summary>Releases the root directory.</summary>
    internal void Release() => _root?.Dispose();
}
