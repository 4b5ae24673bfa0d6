using System.ComponentModel;
using System.Runtime.CompilerServices;
using Containerd.Snapshots.CompilerServices;

namespace Containerd.Snapshots;

/// <summary>
/// Runs snapshotters as a standalone program: <c>PROGRAM SOCKET [options]</c>; <c>--help</c> lists the options. The program
/// serves until SIGTERM or SIGINT, and logs to standard error. <c>PROGRAM config SOCKET ...</c> prints containerd's
/// configuration for it, and <c>PROGRAM check SOCKET ...</c> finds problems on the machine; neither creates a snapshotter.
/// </summary>
public static class SnapshotterHost
{
    /// <summary>Runs a program with one snapshotter, which may have any name in containerd's configuration.</summary>
    /// <typeparam name="T">A class marked <see cref="SnapshotterAttribute"/>.</typeparam>
    /// <param name="args">The command line.</param>
    /// <param name="create">
    /// Creates the snapshotter, after the command line was validated. An exception ends the program with its message; its stack
    /// is logged at level debug. A disposable snapshotter is disposed after the last call.
    /// </param>
    /// <returns>
    /// The exit code: 0, or 1 if the program cannot start, with the reason on standard error, or if <c>check</c> finds something
    /// wrong.
    /// </returns>
    [OverloadResolutionPriority(1)] // A lambda that only throws would fit both.
    public static Task<int> RunAsync<T>(string[] args, Func<SnapshotterHostContext, T> create)
        where T : class, ISnapshotter<T> =>
        RunAsync(args, create, CancellationToken.None);

    /// <summary>Runs a program with one snapshotter, which may have any name in containerd's configuration.</summary>
    /// <typeparam name="T">A class marked <see cref="SnapshotterAttribute"/>.</typeparam>
    /// <param name="args">The command line.</param>
    /// <param name="create">
    /// Creates the snapshotter, after the command line was validated. An exception ends the program with its message; its stack
    /// is logged at level debug. A disposable snapshotter is disposed after the last call.
    /// </param>
    /// <param name="cancellationToken">Stops the host, as SIGTERM does.</param>
    /// <returns>
    /// The exit code: 0, or 1 if the program cannot start, with the reason on standard error, or if <c>check</c> finds something
    /// wrong.
    /// </returns>
    [OverloadResolutionPriority(1)] // A lambda that only throws would fit both.
    public static Task<int> RunAsync<T>(string[] args, Func<SnapshotterHostContext, T> create, CancellationToken cancellationToken)
        where T : class, ISnapshotter<T>
    {
        ArgumentNullException.ThrowIfNull(create);
        return RunAsync(args, context => Task.FromResult(create(context)), cancellationToken);
    }

    /// <summary>Runs a program with one snapshotter, created asynchronously, which may have any name in containerd's configuration.</summary>
    /// <typeparam name="T">A class marked <see cref="SnapshotterAttribute"/>.</typeparam>
    /// <param name="args">The command line.</param>
    /// <param name="create">
    /// Creates the snapshotter, after the command line was validated. An exception ends the program with its message; its stack
    /// is logged at level debug. A disposable snapshotter is disposed after the last call.
    /// </param>
    /// <returns>
    /// The exit code: 0, or 1 if the program cannot start, with the reason on standard error, or if <c>check</c> finds something
    /// wrong.
    /// </returns>
    public static Task<int> RunAsync<T>(string[] args, Func<SnapshotterHostContext, Task<T>> create)
        where T : class, ISnapshotter<T> =>
        RunAsync(args, create, CancellationToken.None);

    /// <summary>Runs a program with one snapshotter, created asynchronously, which may have any name in containerd's configuration.</summary>
    /// <typeparam name="T">A class marked <see cref="SnapshotterAttribute"/>.</typeparam>
    /// <param name="args">The command line.</param>
    /// <param name="create">
    /// Creates the snapshotter, after the command line was validated. An exception ends the program with its message; its stack
    /// is logged at level debug. A disposable snapshotter is disposed after the last call.
    /// </param>
    /// <param name="cancellationToken">Stops the host, as SIGTERM does.</param>
    /// <returns>
    /// The exit code: 0, or 1 if the program cannot start, with the reason on standard error, or if <c>check</c> finds something
    /// wrong.
    /// </returns>
    public static Task<int> RunAsync<T>(string[] args, Func<SnapshotterHostContext, Task<T>> create, CancellationToken cancellationToken)
        where T : class, ISnapshotter<T>
    {
        ArgumentNullException.ThrowIfNull(create);

        var builder = new SnapshotterHostBuilder(args);
        builder.Add(null, create);
        return builder.RunAsync(cancellationToken);
    }

    /// <summary>Creates a builder for a program with its own options, or with several named snapshotters on one socket.</summary>
    /// <param name="args">The command line.</param>
    public static SnapshotterHostBuilder CreateBuilder(string[] args) => new(args);

    /// <summary>Accepts a class that is not a snapshotter, so that only the analyzers report what is wrong with it.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static Task<int> RunAsync<T>(string[] args, Func<SnapshotterHostContext, T> create, params NotASnapshotter[] _)
        where T : class => throw NotASnapshotter.Hosted<T>();

    /// <inheritdoc cref="RunAsync{T}(string[], Func{SnapshotterHostContext, T}, NotASnapshotter[])"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static Task<int> RunAsync<T>(
        string[] args, Func<SnapshotterHostContext, T> create, CancellationToken cancellationToken, params NotASnapshotter[] _)
        where T : class => throw NotASnapshotter.Hosted<T>();
}
