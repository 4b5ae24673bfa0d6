using System.CommandLine;
using Containerd.Snapshots.Hosting.Setup;
using Containerd.Snapshots.Hosting.Sockets;

namespace Containerd.Snapshots;

/// <summary>
/// The command line's values for one snapshotter, which need not exist: for capabilities that depend on an option, and for
/// checks. Reading them creates and locks nothing.
/// </summary>
public sealed class SnapshotterCommandLine
{
    private readonly HostSettings _settings;

    internal SnapshotterCommandLine(string? name, HostSettings settings)
    {
        Name = name;
        _settings = settings;
    }

    /// <summary>The name with which the snapshotter was added, or null if it has none.</summary>
    public string? Name { get; }

    /// <summary>The absolute path of the socket, or null if it was not given, as under systemd's socket activation.</summary>
    public string? SocketPath => string.IsNullOrEmpty(_settings.SocketPath) ? null : Path.GetFullPath(_settings.SocketPath);

    /// <summary>
    /// The absolute path of the directory that will be <see cref="SnapshotterHostContext.Root"/>, or null if the option
    /// <c>--root</c> was not given. The directory may not exist yet.
    /// </summary>
    public string? Root => string.IsNullOrEmpty(_settings.Root) ? null : HostRoot.PathOf(_settings.Root, Name);

    /// <summary>Returns the value of one of the program's own options, or its default if it was not given.</summary>
    /// <typeparam name="T">The type of the option's value.</typeparam>
    /// <param name="option">An option that was added with <see cref="SnapshotterHostBuilder.AddOption"/>.</param>
    public T? GetValue<T>(Option<T> option) => _settings.Parsed.GetValue(option);
}
