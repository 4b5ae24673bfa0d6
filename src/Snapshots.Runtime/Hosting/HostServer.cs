using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Containerd.Snapshots.Hosting;

/// <summary>The web server of a host: HTTP/2 alone, on one Unix socket, with nothing that a snapshotter does not need.</summary>
internal static class HostServer
{
    // containerd has one connection for everything: calls that hang, and those that wait for them, must leave it streams,
    // and other calls threads.
    private const int LeastStreams = 1024, SpareStreams = 64, SpareThreads = 16;

    private const string TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    // For Kestrel, which asks for one; the socket comes from elsewhere, and may have no path at all.
    private const string ListenPath = "/socket";

    // containerd keeps its connection for weeks. Kestrel adds an infinite time-out to its clock, which overflows: it
    // would close a connection that is idle for a second.
    private static readonly TimeSpan NeverIdle = TimeSpan.FromDays(3650);

    public static WebApplication Build(IServerSocket socket, HostOptions options)
    {
        var limits = options.Limits;
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, limits.MaxCalls + SpareThreads), completions);

        var peers = new PeerGate(options.AllowedUsers, limits.MaxConnections);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        ConfigureLogging(builder.Logging, options);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            Configure(kestrel.Limits, limits);
            kestrel.AddServerHeader = false;
            kestrel.ListenUnixSocket(ListenPath, listen => Configure(listen, peers));
        });

        var services = builder.Services;
        services.Configure<SocketTransportOptions>(transport => transport.CreateBoundListenSocket = _ => socket.Bind());
        services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = limits.DrainTime);
        services.AddSingleton<IHostLifetime, HostSignals>();
        services.AddSingleton(Options.Create(limits));
        services.AddSingleton<HostHealth>();
        services.AddSingleton<ServiceManager>();
        services.AddSnapshotterEndpoints();

        var app = builder.Build();
        app.Services.GetRequiredService<ServerGauges>().Observe(() => peers.Open);
        return app;
    }

    private static void ConfigureLogging(ILoggingBuilder logging, HostOptions options)
    {
        var logLevel = options.LogLevel;
        logging.SetMinimumLevel(logLevel);
        var frameworkLevel = (LogLevel)Math.Max((int)logLevel, (int)LogLevel.Warning);
        logging.AddFilter("Microsoft", frameworkLevel);
        logging.AddFilter("Grpc", frameworkLevel);

        // A peer could fill the log with these: errors about malformed messages, warnings and worse about its frames.
        logging.AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.Critical);
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.Http2", LogLevel.None);

        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // What it has to say of a bad start is said in a sentence.

        if (options.LogFormat == LogFormat.Json)
        {
            logging.AddJsonConsole(format =>
            {
                format.UseUtcTimestamp = true;
                format.TimestampFormat = TimestampFormat;
            });
        }
        else
        {
            logging.AddSimpleConsole(format =>
            {
                format.SingleLine = true;
                format.ColorBehavior = LoggerColorBehavior.Disabled;
                format.UseUtcTimestamp = true;
                format.TimestampFormat = TimestampFormat + " ";
            });
        }

        logging.Services.Configure<ConsoleLoggerOptions>(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite; // Nobody who reads the log slowly may hold up a call.
        });
    }

    private static void Configure(KestrelServerLimits kestrel, SnapshotterLimits limits)
    {
        kestrel.MaxRequestBodySize = null; // gRPC bounds each message.
        kestrel.KeepAliveTimeout = NeverIdle;
        kestrel.MinRequestBodyDataRate = null; // A paused containerd is no attacker, and a reset hits all its calls.
        kestrel.MinResponseDataRate = null;
        kestrel.Http2.MaxStreamsPerConnection = Math.Max(LeastStreams, limits.MaxCalls + SpareStreams);
    }

    private static void Configure(ListenOptions listen, PeerGate peers)
    {
        var logger = listen.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger<PeerGate>();
        listen.Protocols = HttpProtocols.Http2;
        listen.Use(next => peers.Guard(next, logger));
    }
}
