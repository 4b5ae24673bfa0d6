using Containerd.Snapshots.CompilerServices;
using Containerd.Snapshots.Runtime.Calls;
using Containerd.Snapshots.Runtime.Insight;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Containerd.Snapshots.Runtime.AspNetCore;

/// <summary>Puts snapshotters into an app: one gRPC endpoint, with the router of all of them behind it.</summary>
internal sealed class SnapshotterMapping(SnapshotterRouter router, CallDispatcher endpoint, CallGate gate)
{
    private IEndpointConventionBuilder? _mapped;

    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder app, string? name, SnapshotterService service)
    {
        var endpoints = app.ServiceProvider.GetService<SnapshotterMapping>()
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
