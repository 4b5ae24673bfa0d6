using Containerd.Snapshots.CompilerServices;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Containerd.Snapshots;

/// <summary>Puts snapshotters into an app: one gRPC endpoint, with the router of all of them behind it.</summary>
internal sealed class SnapshotterEndpoints(SnapshotterRouter router, SnapshotsEndpoint endpoint, CallGate gate)
{
    private IEndpointConventionBuilder? _mapped;

    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder app, string? name, SnapshotterService service)
    {
        var endpoints = app.ServiceProvider.GetService<SnapshotterEndpoints>()
            ?? throw new InvalidOperationException("The app has no services for snapshotters: call builder.Services.AddSnapshotter first.");

        return endpoints.Add(app, name, service);
    }

    private IEndpointConventionBuilder Add(IEndpointRouteBuilder app, string? name, SnapshotterService service)
    {
        router.Add(name, service);
        return _mapped ??= Map(app);
    }

    private GrpcServiceEndpointConventionBuilder Map(IEndpointRouteBuilder app)
    {
        app.ServiceProvider.GetRequiredService<ServerGauges>(); // From now on they can be read.
        var mapped = app.MapGrpcService(endpoint.Bind());
        mapped.Add(gate.Guard);
        return mapped;
    }
}

/// <summary>The services behind <see cref="SnapshotterEndpoints"/>.</summary>
internal static class SnapshotterEndpointServices
{
    public static void AddSnapshotterEndpoints(this IServiceCollection services)
    {
        services.AddGrpc();

        services.AddOptions<GrpcServiceOptions>().Configure<IOptions<SnapshotterLimits>>(static (options, limits) => SetSizes(options, limits.Value));

        // After all else: AddGrpc puts gzip back into an empty list, and what it unpacks is not bounded.
        services.PostConfigure<GrpcServiceOptions>(static options => options.CompressionProviders.Clear());

        // By what they are made of, since finding that out takes time at each start.
        services.TryAddSingleton(static _ => new SnapshotterRouter());
        services.TryAddSingleton(static _ => new CallInsight());
        services.TryAddSingleton(static _ => new ThreadReserve());
        services.TryAddSingleton(static services => new CallLog(Get<ILoggerFactory>(services)));
        services.TryAddSingleton(static services => new RunningCalls(Get<IOptions<SnapshotterLimits>>(services), Get<CallLog>(services), Get<CallInsight>(services)));
        services.TryAddSingleton(static services => new ServerGauges(Get<RunningCalls>(services)));
        services.TryAddSingleton(static services => new CallGate(Get<RunningCalls>(services), Get<IOptions<SnapshotterLimits>>(services)));
        services.TryAddSingleton(static services => new SnapshotsEndpoint(
            Get<SnapshotterRouter>(services), Get<RunningCalls>(services), Get<ThreadReserve>(services), Get<CallLog>(services), Get<CallInsight>(services)));
        services.TryAddSingleton(static services => new SnapshotterEndpoints(Get<SnapshotterRouter>(services), Get<SnapshotsEndpoint>(services), Get<CallGate>(services)));
    }

    /// <summary>The same options, where there is nobody else who has a say.</summary>
    public static GrpcServiceOptions Configure(SnapshotterLimits limits)
    {
        var options = new GrpcServiceOptions();
        SetSizes(options, limits);
        options.CompressionProviders.Clear();
        return options;
    }

    private static void SetSizes(GrpcServiceOptions options, SnapshotterLimits limits)
    {
        options.MaxReceiveMessageSize = limits.MaxRequestSize;
        options.MaxSendMessageSize = WireLimits.MaxMessageBytes;
    }

    private static T Get<T>(IServiceProvider services)
        where T : notnull => services.GetRequiredService<T>();
}
