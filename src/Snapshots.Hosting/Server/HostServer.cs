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
/// The web server of a host: Kestrel, with only HTTP/2 on one Unix socket, and the gRPC layer. It does not use .NET's generic
/// host, which takes longer to start than everything else and has no service that a snapshotter needs.
/// </summary>
internal sealed class HostServer : IAsyncDisposable
{
    // containerd uses one connection for all calls: hung calls, and calls that wait for them, must not take all its streams.
    private const int LeastStreams = 1024, SpareStreams = 64;

    // Kestrel requires a path. The transport does not use it: its socket already exists, and may have no path.
    private const string ListenPath = "/socket";

    // containerd keeps its connection for weeks. An infinite time-out would overflow when Kestrel adds it to its clock,
    // and Kestrel would close a connection that is idle for a second.
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

    /// <summary>The calls in flight.</summary>
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

    /// <summary>Adds a snapshotter, before the start.</summary>
    public void Add(string? name, CompilerServices.SnapshotterService service) => SnapshotterMapping.Map(_endpoints, name, service);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _endpoints.Build();
        return _kestrel.StartAsync(new HostApplication(_endpoints, _services.GetRequiredService<IServiceScopeFactory>()), cancellationToken);
    }

    /// <summary>Stops listening, and waits for the calls in flight.</summary>
    /// <param name="drainTime">How long to wait. Then the connections are aborted.</param>
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
        services.AddFixedOptions(new RouteHandlerOptions()); // Needed to bind gRPC's methods.
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
        kestrel.MaxRequestBodySize = null; // gRPC limits each message.
        kestrel.KeepAliveTimeout = NeverIdle;
        kestrel.MinRequestBodyDataRate = null; // A paused containerd is not an attacker, and a reset ends all its calls.
        kestrel.MinResponseDataRate = null;
        kestrel.Http2.MaxStreamsPerConnection = Math.Max(LeastStreams, limits.MaxCalls + SnapshotterLimits.MostOutside + SpareStreams);
    }
}
