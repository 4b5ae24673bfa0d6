using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Hosting;

/// <summary>The life of a host: takes the socket, makes the snapshotters, serves, stops in order.</summary>
internal static class HostRun
{
    public static async Task ServeAsync(CommandLineOptions options, IReadOnlyList<HostedSnapshotter> hosted, CancellationToken cancellationToken)
    {
        using var socket = HostSocket.Acquire(options.SocketPath);
        var app = HostServer.Build(socket, options.LogLevel);
        await using (app.ConfigureAwait(false))
        {
            var snapshotters = new MadeSnapshotters(app.Logger);
            try
            {
                foreach (var each in hosted)
                    Make(each, options, app, snapshotters);

                await ServeAsync(app, socket, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                await snapshotters.DisposeAsync(app.Services.GetRequiredService<SnapshotsEndpoint>().CallsInFlight).ConfigureAwait(false);
            }
        }
    }

    private static void Make(HostedSnapshotter hosted, CommandLineOptions options, WebApplication app, MadeSnapshotters snapshotters)
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

    private static async Task ServeAsync(WebApplication app, HostSocket socket, CancellationToken cancellationToken)
    {
        // Before the listener closes: see HostSocket.
        using var stopping = app.Lifetime.ApplicationStopping.Register(() => Unpublish(socket, app.Logger));

        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested || app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return; // Stopped before it had begun.
        }

        if (socket.Publish())
            HostLog.Listening(app.Logger, socket.Path);

        await app.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
        HostLog.Stopped(app.Logger, socket.Path);
    }

    private static void Unpublish(HostSocket socket, ILogger logger)
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
