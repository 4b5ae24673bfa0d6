using Containerd.Snapshots.CompilerServices;
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
        using var socket = HostSocket.Acquire(options.SocketPath);
        var app = HostServer.Build(socket, options.LogLevel);
        await using (app.ConfigureAwait(false))
        {
            var made = new List<object>();
            try
            {
                foreach (var each in hosted)
                    made.Add(Make(each, options, app));

                await ServeAsync(app, socket, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                foreach (var snapshotter in made)
                    await DisposeAsync(snapshotter).ConfigureAwait(false);
            }
        }
    }

    private static object Make(HostedSnapshotter hosted, HostOptions options, WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(hosted.Type.FullName ?? hosted.Type.Name);
        var context = new SnapshotterHostContext(hosted.Name, options.Root, logger, app.Lifetime.ApplicationStopping);

        var (snapshotter, service) = hosted.Create(context);
        SnapshotterEndpoints.Map(app, hosted.Name, service);
        HostLog.Serving(app.Logger, hosted.Name ?? hosted.Type.Name, service.Calls);
        return snapshotter;
    }

    private static async Task ServeAsync(WebApplication app, HostSocket socket, CancellationToken cancellationToken)
    {
        // Before the listener closes: see HostSocket.
        using var stopping = app.Lifetime.ApplicationStopping.Register(socket.Unpublish);

        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        socket.Publish();
        HostLog.Listening(app.Logger, socket.Path);

        await app.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
        HostLog.Stopped(app.Logger, socket.Path);
    }

    private static async ValueTask DisposeAsync(object snapshotter)
    {
        if (snapshotter is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync().ConfigureAwait(false);
        else if (snapshotter is IDisposable synchronous)
            synchronous.Dispose();
    }
}
