using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Containerd.Snapshots.Hosting;

/// <summary>The web server of a host: HTTP/2 alone, on one Unix socket, with nothing that a snapshotter does not need.</summary>
internal static class HostServer
{
    // containerd has one connection for everything: calls that hang must leave it streams, and other calls threads.
    private const int MaxStreams = 1024, MinThreads = 64;

    // containerd keeps its connection for weeks. Kestrel adds an infinite time-out to its clock, which overflows: it
    // would close a connection that is idle for a second.
    private static readonly TimeSpan NeverIdle = TimeSpan.FromDays(3650);

    /// <summary>How long calls in flight may go on after a stop was asked for.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(30);

    public static WebApplication Build(HostSocket socket, LogLevel logLevel)
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, MinThreads), completions);

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        ConfigureLogging(builder.Logging, logLevel);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => ConfigureKestrel(options, socket.Path));
        builder.Services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = _ => socket.Bind());
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = DrainTime);
        builder.Services.AddSnapshotterEndpoints();
        return builder.Build();
    }

    private static void ConfigureLogging(ILoggingBuilder logging, LogLevel logLevel)
    {
        logging.SetMinimumLevel(logLevel);
        var frameworkLevel = (LogLevel)Math.Max((int)logLevel, (int)LogLevel.Warning);
        logging.AddFilter("Microsoft", frameworkLevel);
        logging.AddFilter("Grpc", frameworkLevel);

        // A peer could fill the log with these: errors about malformed messages, warnings and worse about its frames.
        logging.AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.Critical);
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.Http2", LogLevel.None);

        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // What it has to say of a bad start is said in a sentence.
        logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.ColorBehavior = LoggerColorBehavior.Disabled;
            options.UseUtcTimestamp = true;
            options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        logging.Services.Configure<ConsoleLoggerOptions>(options =>
        {
            options.LogToStandardErrorThreshold = LogLevel.Trace;
            options.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite; // Nobody who reads the log slowly may hold up a call.
        });
    }

    private static void ConfigureKestrel(KestrelServerOptions options, string path)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = null; // gRPC bounds each message.
        options.Limits.KeepAliveTimeout = NeverIdle;
        options.Limits.MinRequestBodyDataRate = null; // A paused containerd is no attacker, and a reset hits all its calls.
        options.Limits.MinResponseDataRate = null;
        options.Limits.Http2.MaxStreamsPerConnection = MaxStreams;
        options.ListenUnixSocket(path, listen => listen.Protocols = HttpProtocols.Http2);
    }
}
