using Containerd.Snapshots.Hosting.Checks;
using Containerd.Snapshots.Hosting.Files;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Hosting.Server;
using Containerd.Snapshots.Hosting.Setup;
using Containerd.Snapshots.Hosting.Sockets;
using Containerd.Snapshots.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Hosting.Run;

/// <summary>Runs a host: acquires the socket, creates the snapshotters, serves, and stops in order.</summary>
internal static class HostRun
{
    public static async Task ServeAsync(HostSettings settings, IReadOnlyList<HostedSnapshotter> hosted, CancellationToken cancellationToken)
    {
        AppDomain.CurrentDomain.UnhandledException += OutOfThreads.Report;
        using var socket = Acquire(settings);
        using var stop = new HostStop();
        using var signals = new HostSignals(stop);
        using var canceled = cancellationToken.Register(stop.Ask);

        var server = HostServer.Create(socket, settings, stop.Begun);
        await using (server.ConfigureAwait(false))
        {
            var snapshotters = new MadeSnapshotters(server.Logger);
            try
            {
                foreach (var each in hosted)
                    await MakeAsync(each, settings, server, stop, snapshotters).ConfigureAwait(false);

                HostLog.Starting(server.Logger, ProgramVersion.Own, ProgramVersion.OfLibrary);
                WarnOfStrangers(socket.Path, server.Logger);
                await ServeAsync(server, socket, stop, settings.Limits.DrainTime).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.Asked.IsCompleted)
            {
                // The stop was requested while a snapshotter was created.
            }
            finally
            {
                stop.Ask(); // Ends background work of snapshotters after a failed start, too.
                await snapshotters.DisposeAsync(server.Calls.Count).ConfigureAwait(false);
            }
        }
    }

    private static IServerSocket Acquire(HostSettings settings)
    {
        if (ActivatedSocket.Take() is not { } activated)
            return HostSocket.Acquire(settings.SocketPath ?? throw SocketPath.Missing(), settings.SocketAccess);

        if (!settings.SocketAccess.IsDefault)
            throw new SetupException("systemd created the socket: leave out --socket-mode, --socket-user and --socket-group, and set SocketMode=, SocketUser= and SocketGroup= in the socket unit");

        if (settings.SocketPath is { Length: > 0 } path && path != activated.Path && Path.GetFullPath(path) != activated.Path)
            throw new SetupException($"systemd passed the socket \"{activated.Path}\": leave out the path \"{path}\", or use the same path");

        return activated;
    }

    private static async Task MakeAsync(HostedSnapshotter hosted, HostSettings settings, HostServer server, HostStop stop, MadeSnapshotters snapshotters)
    {
        stop.Begun.ThrowIfCancellationRequested();
        var logger = server.CreateLogger(hosted.Type.FullName ?? hosted.Type.Name);
        var context = new SnapshotterHostContext(hosted.Name, settings, logger, stop.Begun);
        snapshotters.Add(context);

        try
        {
            var (snapshotter, service) = await hosted.CreateAsync(context).WaitAsync(stop.Begun).ConfigureAwait(false);
            snapshotters.Add(snapshotter);
            server.Add(hosted.Name, service);
            HostLog.Serving(server.Logger, hosted.Name ?? hosted.Type.Name, service.Calls);
        }
        catch (Exception exception) when (exception is not SetupException && !(exception is OperationCanceledException && stop.Begun.IsCancellationRequested))
        {
            HostLog.CannotCreate(server.Logger, hosted.Type.Name, exception);
            throw new SetupException(Sentence(hosted.Type, exception), exception);
        }
    }

    // A SnapshotterException is written for the operator. The text of another exception needs to say where it comes from.
    private static string Sentence(Type type, Exception exception) => exception is SnapshotterException
        ? exception.Message
        : $"cannot create {type.Name}: {exception.Message.TrimEnd('.')} ({exception.GetType().Name}); --log-level debug shows where";

    private static async Task ServeAsync(HostServer server, IServerSocket socket, HostStop stop, TimeSpan drainTime)
    {
        stop.Begun.ThrowIfCancellationRequested();
        await server.StartAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (socket.Publish())
            {
                HostLog.Listening(server.Logger, socket.Path);
                server.Manager.Ready(socket.Path);
            }

            await stop.Asked.ConfigureAwait(false);
            server.Manager.Stopping(drainTime);
        }
        finally
        {
            // The file is removed before the listener closes: see HostSocket.
            stop.Ask();
            Unpublish(socket, server.Logger);
            await Task.WhenAll(server.StopAsync(drainTime), stop.CallbacksAsync(drainTime, server.Logger)).ConfigureAwait(false);
        }

        HostLog.Stopped(server.Logger, socket.Path);
    }

    // An abstract socket of systemd has no directory.
    private static void WarnOfStrangers(string socket, ILogger logger)
    {
        if (Path.GetDirectoryName(socket) is not { Length: > 0 } directory || FileOwnership.Of(directory) is not { } status)
            return;

        foreach (var finding in SocketChecks.Strangers(directory, status))
            HostLog.Endangered(logger, finding);
    }

    private static void Unpublish(IServerSocket socket, ILogger logger)
    {
        try
        {
            socket.Unpublish();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            HostLog.CannotRemove(logger, socket.Path, exception.Message);
        }
    }
}
