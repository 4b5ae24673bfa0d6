using System.ComponentModel;
using Containerd.Snapshots.CompilerServices;

namespace Containerd.Snapshots;

/// <summary>
/// Runs snapshotters as a program of their own: <c>PROGRAM SOCKET [options]</c>; <c>--help</c> lists them. It serves
/// until SIGTERM or SIGINT, and logs to standard error. <c>PROGRAM config SOCKET ...</c> prints what containerd's configuration
/// needs for it, and <c>PROGRAM check SOCKET ...</c> says what is wrong on the machine; neither makes a snapshotter.
/// </summary>
public static class SnapshotterHost
{
    /// <summary>Runs a program with one snapshotter, which answers whatever name containerd's configuration gives it.</summary>
    /// <typeparam name="T">A class marked <see cref="SnapshotterAttribute"/>.</typeparam>
    /// <param name="args">The command line.</param>
    /// <param name="create">
    /// Makes the snapshotter, once the command line is known to be good. It is disposed after the last call, if it can be.
    /// </param>
    /// <returns>The exit code: 0, or 1 with one sentence on standard error that says what to change.</returns>
    public static Task<int> RunAsync<T>(string[] args, Func<SnapshotterHostContext, T> create)
        where T : class, ISnapshotter<T> =>
        RunAsync(args, create, CancellationToken.None);

    /// <inheritdoc cref="RunAsync{T}(string[], Func{SnapshotterHostContext, T})"/>
    /// <param name="args">The command line.</param>
    /// <param name="create">Makes the snapshotter, once the command line is known to be good.</param>
    /// <param name="cancellationToken">Stops the host, as SIGTERM does.</param>
    public static Task<int> RunAsync<T>(string[] args, Func<SnapshotterHostContext, T> create, CancellationToken cancellationToken)
        where T : class, ISnapshotter<T>
    {
        ArgumentNullException.ThrowIfNull(create);

        var builder = new SnapshotterHostBuilder(args);
        builder.Add(null, create);
        return builder.RunAsync(cancellationToken);
    }

    /// <summary>Begins a program with several snapshotters on one socket, each with a name.</summary>
    /// <param name="args">The command line.</param>
    public static SnapshotterHostBuilder CreateBuilder(string[] args) => new(args);

    /// <summary>Takes a class that is not a snapshotter; the analyzers say what is wrong with it.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static Task<int> RunAsync<T>(string[] args, Func<SnapshotterHostContext, T> create, params NotASnapshotter[] _)
        where T : class => throw NotASnapshotter.Hosted<T>();

    /// <inheritdoc cref="RunAsync{T}(string[], Func{SnapshotterHostContext, T}, NotASnapshotter[])"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static Task<int> RunAsync<T>(
        string[] args, Func<SnapshotterHostContext, T> create, CancellationToken cancellationToken, params NotASnapshotter[] _)
        where T : class => throw NotASnapshotter.Hosted<T>();
}
