using System.Buffers;
using System.Diagnostics;
using Containerd.Snapshots.CompilerServices;
using Containerd.Snapshots.Hosting.Connections;
using Containerd.Snapshots.Hosting.Health;
using Containerd.Snapshots.Hosting.Setup;
using Containerd.Snapshots.Hosting.Sockets;
using Containerd.Snapshots.Hosting.Systemd;
using Containerd.Snapshots.Runtime.AspNetCore;
using Containerd.Snapshots.Runtime.Calls;
using Containerd.Snapshots.Runtime.Insight;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Containerd.Snapshots.Hosting.Server;

/// <summary>
/// The web server of a host: Kestrel, with HTTP/2 alone on one Unix socket, and the gRPC layer. There is no generic host
/// around it, which would take longer to start than all the rest, and none of whose services a snapshotter uses.
/// </summary>
internal sealed class HostServer : IAsyncDisposable
{
    // containerd has one connection for everything: calls that hang, and those that wait for them, must leave it streams.
    private const int LeastStreams = 1024, SpareStreams = 64;

    // For Kestrel, which asks for one; the socket comes from elsewhere, and may have no path at all.
    private const string ListenPath = "/socket";

    // containerd keeps its connection for weeks. Kestrel adds an infinite time-out to its clock, which overflows: it
    // would close a connection that is idle for a second.
    private static readonly TimeSpan NeverIdle = TimeSpan.FromDays(3650);

    private readonly ServiceProvider _services;
    private readonly IServer _kestrel;
    private readonly EndpointTable _endpoints;
    private readonly IdleMemory _memory;

    private HostServer(ServiceProvider services)
    {
        _services = services;
        _kestrel = services.GetRequiredService<IServer>();
        _endpoints = new EndpointTable(services);
        _endpoints.MapGrpcService(services.GetRequiredService<HostHealth>().Bind()).Add(HostHealth.Guard);
        _memory = new IdleMemory(Calls);
        Logger = CreateLogger(AppDomain.CurrentDomain.FriendlyName);
    }

    public ILogger Logger { get; }

    /// <summary>Calls that are on their way.</summary>
    public RunningCalls Calls => _services.GetRequiredService<RunningCalls>();

    public ServiceManager Manager => _services.GetRequiredService<ServiceManager>();

    public static HostServer Create(IServerSocket socket, HostSettings settings, CancellationToken stopping)
    {
        var peers = new PeerGate(settings.AllowedUsers, settings.Limits.MaxConnections);
        var services = new ServiceCollection();
        AddServices(services, settings, stopping);
        AddKestrel(services, socket, settings, peers);

        var server = new HostServer(services.BuildServiceProvider());
        server._services.GetRequiredService<ServerGauges>().Observe(() => peers.Open);
        return server;
    }

    public ILogger CreateLogger(string category) => _services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

    /// <summary>Serves a snapshotter, as of the start.</summary>
    public void Add(string? name, CompilerServices.SnapshotterService service) => SnapshotterMapping.Map(_endpoints, name, service);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _endpoints.Build();
        return _kestrel.StartAsync(new HostApplication(_endpoints, _services.GetRequiredService<IServiceScopeFactory>()), cancellationToken);
    }

    /// <summary>Listens no more, and waits for the calls that are on their way.</summary>
    /// <param name="drainTime">For how long; then their connections are broken off.</param>
    public async Task StopAsync(TimeSpan drainTime)
    {
        using var end = new CancellationTokenSource(drainTime);
        await _kestrel.StopAsync(end.Token).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync()
    {
        _memory.Dispose();
        return _services.DisposeAsync();
    }

    private static void AddServices(ServiceCollection services, HostSettings settings, CancellationToken stopping)
    {
        ServerLog.AddTo(services, settings.LogLevel, settings.LogFormat);
        services.AddMetrics();
        services.AddFixedOptions(new RouteHandlerOptions()); // What binds gRPC's methods asks for them.
        services.AddFixedOptions(settings.Limits);
        services.AddFixedOptions(CallServices.Configure(settings.Limits));
        services.AddSingleton(new HostHealth(stopping));
        services.AddSingleton(static services => new ServiceManager(services.GetRequiredService<RunningCalls>(), services.GetRequiredService<ILoggerFactory>().CreateLogger<ServiceManager>()));
        services.AddCallServices();
    }

    private static void AddKestrel(ServiceCollection services, IServerSocket socket, HostSettings settings, PeerGate peers)
    {
        services.AddSingleton(new DiagnosticListener("Microsoft.AspNetCore"));
        services.AddSingleton<DiagnosticSource>(static services => services.GetRequiredService<DiagnosticListener>());
        new KestrelServices(services).UseKestrelCore();
        services.AddSingleton<IConnectionListenerFactory>(services => new UnixTransport(
            socket, peers, services.GetRequiredService<IMemoryPoolFactory<byte>>(), services.GetRequiredService<ILoggerFactory>().CreateLogger<UnixTransport>()));
        services.AddSingleton<IOptions<KestrelServerOptions>>(services =>
        {
            var kestrel = new KestrelServerOptions { ApplicationServices = services, AddServerHeader = false };
            Configure(kestrel.Limits, settings.Limits);
            kestrel.ListenUnixSocket(ListenPath, static listen => listen.Protocols = HttpProtocols.Http2);
            return new FixedOptions<KestrelServerOptions>(kestrel);
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
}
