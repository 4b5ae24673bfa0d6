using System.CommandLine;
using Containerd.Snapshots.Hosting.Setup;
using Containerd.Snapshots.Hosting.Sockets;

namespace Containerd.Snapshots;

/// <summary>
/// What the command line says for one snapshotter, without one: for capabilities that depend on an option, and for checks.
/// Nothing is created or locked by looking at it.
/// </summary>
public sealed class SnapshotterCommandLine
{
    private readonly HostSettings _settings;

    internal SnapshotterCommandLine(string? name, HostSettings settings)
    {
        Name = name;
        _settings = settings;
    }

    /// <summary>The name that the snapshotter was added under, or null for one without a name.</summary>
    public string? Name { get; }

    /// <summary>The path of the socket as an absolute path, or null if it is not given.</summary>
    public string? SocketPath => string.IsNullOrEmpty(_settings.SocketPath) ? null : Path.GetFullPath(_settings.SocketPath);

    /// <summary>
    /// The directory that will be <see cref="SnapshotterHostContext.Root"/>, as an absolute path, or null if the option
    /// <c>--root</c> is not given. It may not exist yet.
    /// </summary>
    public string? Root => string.IsNullOrEmpty(_settings.Root) ? null : HostRoot.PathOf(_settings.Root, Name);

    /// <summary>What the command line gives for an option of the program's own, or the option's default.</summary>
    /// <typeparam name="T">The type of the option's value.</typeparam>
    /// <param name="option">An option that was added by <see cref="SnapshotterHostBuilder.AddOption"/>.</param>
    public T? GetValue<T>(Option<T> option) => _settings.Parsed.GetValue(option);
}
