using Grpc.Health.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Hosting;

/// <summary>The life of a host: takes the socket, makes the snapshotters, serves, stops in order.</summary>
internal static class HostRun
{
    public static async Task ServeAsync(HostOptions options, IReadOnlyList<HostedSnapshotter> hosted, CancellationToken cancellationToken)
    {
        using var socket = Acquire(options);
        var app = HostServer.Build(socket, options);
        await using (app.ConfigureAwait(false))
        {
            var snapshotters = new MadeSnapshotters(app.Logger);
            try
            {
                foreach (var each in hosted)
                    Make(each, options, app, snapshotters);

                app.MapGrpcService(Health.BindService(app.Services.GetRequiredService<HostHealth>()));
                await ServeAsync(app, socket, options.Limits.DrainTime, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                await snapshotters.DisposeAsync(app.Services.GetRequiredService<RunningCalls>().Count).ConfigureAwait(false);
            }
        }
    }

    private static IServerSocket Acquire(HostOptions options)
    {
        if (ActivatedSocket.Take() is not { } activated)
            return HostSocket.Acquire(options.SocketPath ?? throw SocketPath.Missing(), options.SocketAccess);

        if (!options.SocketAccess.IsDefault)
            throw new SetupException("systemd has made the socket: leave out --socket-mode, --socket-user and --socket-group, and set SocketMode=, SocketUser= and SocketGroup= in its unit");

        if (options.SocketPath is { Length: > 0 } path && path != activated.Path && Path.GetFullPath(path) != activated.Path)
            throw new SetupException($"systemd has passed the socket \"{activated.Path}\": leave out the path \"{path}\", or make them the same");

        return activated;
    }

    private static void Make(HostedSnapshotter hosted, HostOptions options, WebApplication app, MadeSnapshotters snapshotters)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(hosted.Type.FullName ?? hosted.Type.Name);
        var context = new SnapshotterHostContext(hosted.Name, options, logger, app.Lifetime.ApplicationStopping);
        snapshotters.Add(context);

        try
        {
            var (snapshotter, service) = hosted.Create(context);
            snapshotters.Add(snapshotter);
            SnapshotterEndpoints.Map(app, hosted.Name, service);
            HostLog.Serving(app.Logger, hosted.Name ?? hosted.Type.Name, service.Calls);
        }
        catch (SnapshotterException exception)
        {
            throw new SetupException(exception.Message, exception);
        }
    }

    private static async Task ServeAsync(WebApplication app, IServerSocket socket, TimeSpan drainTime, CancellationToken cancellationToken)
    {
        var manager = app.Services.GetRequiredService<ServiceManager>();

        // Before the listener closes: see HostSocket.
        using var stopping = app.Lifetime.ApplicationStopping.Register(() =>
        {
            manager.Stopping(drainTime);
            Unpublish(socket, app.Logger);
        });

        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested || app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return; // Stopped before it had begun.
        }

        if (socket.Publish())
        {
            HostLog.Listening(app.Logger, socket.Path);
            manager.Ready(socket.Path);
        }

        await app.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
        HostLog.Stopped(app.Logger, socket.Path);
    }

    private static void Unpublish(IServerSocket socket, ILogger logger)
    {
        try
        {
            socket.Unpublish();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            HostLog.CannotRemove(logger, socket.Path, exception);
        }
    }
}
