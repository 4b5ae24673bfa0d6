using Containerd.Snapshots.CompilerServices;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
        var mapped = app.MapGrpcService(Wire.Snapshots.BindService(endpoint));
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
        services.AddOptions<GrpcServiceOptions>().Configure<IOptions<SnapshotterLimits>>(static (options, limits) =>
        {
            options.MaxReceiveMessageSize = limits.Value.MaxRequestSize;
            options.MaxSendMessageSize = WireLimits.MaxMessageBytes;
        });

        // AddGrpc puts gzip back into an empty list, and what it unpacks is not bounded.
        services.PostConfigure<GrpcServiceOptions>(options => options.CompressionProviders.Clear());

        services.TryAddSingleton<SnapshotterRouter>();
        services.TryAddSingleton<CallLog>();
        services.TryAddSingleton<CallInsight>();
        services.TryAddSingleton<ServerGauges>();
        services.TryAddSingleton<RunningCalls>();
        services.TryAddSingleton<CallGate>();
        services.TryAddSingleton<SnapshotsEndpoint>();
        services.TryAddSingleton<SnapshotterEndpoints>();
    }
}
