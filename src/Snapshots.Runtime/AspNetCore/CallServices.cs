using Containerd.Snapshots.Runtime.Calls;
using Containerd.Snapshots.Runtime.Insight;
using Containerd.Snapshots.Runtime.Limits;
using Containerd.Snapshots.Runtime.Wire;
using Grpc.AspNetCore.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Containerd.Snapshots.Runtime.AspNetCore;

/// <summary>The services that answer calls.</summary>
internal static class CallServices
{
    public static void AddCallServices(this IServiceCollection services)
    {
        services.AddGrpc();

        services.AddOptions<GrpcServiceOptions>().Configure<IOptions<SnapshotterLimits>>(static (options, limits) => SetSizes(options, limits.Value));

        // PostConfigure, because AddGrpc adds gzip to an empty list. gzip would unpack messages without a size limit.
        services.PostConfigure<GrpcServiceOptions>(static options => options.CompressionProviders.Clear());

        // Explicit constructor calls, because the container would search for constructors at each start.
        services.TryAddSingleton(static _ => new SnapshotterRouter());
        services.TryAddSingleton(static _ => new CallInsight());
        services.TryAddSingleton(static services => new ThreadReserve(logger: Get<ILoggerFactory>(services).CreateLogger<ThreadReserve>()));
        services.TryAddSingleton(static services => new CallLog(Get<ILoggerFactory>(services)));
        services.TryAddSingleton(static services => new RunningCalls(Get<IOptions<SnapshotterLimits>>(services), Get<CallLog>(services), Get<CallInsight>(services)));
        services.TryAddSingleton(static services => Gauges(Get<RunningCalls>(services)));
        services.TryAddSingleton(static services => new CallGate(Get<RunningCalls>(services), Get<IOptions<SnapshotterLimits>>(services)));
        services.TryAddSingleton(static services => new CallDispatcher(
            Get<SnapshotterRouter>(services), Get<RunningCalls>(services), Get<ThreadReserve>(services), Get<CallLog>(services), Get<CallInsight>(services)));
        services.TryAddSingleton(static services => new SnapshotterMapping(Get<SnapshotterRouter>(services), Get<CallDispatcher>(services), Get<CallGate>(services)));
    }

    /// <summary>Creates the same options for a server without other gRPC settings.</summary>
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

    private static ServerGauges Gauges(RunningCalls calls) => new(() => calls.Count, () => calls.Hanging, () => calls.OldestAge);

    private static T Get<T>(IServiceProvider services)
        where T : notnull => services.GetRequiredService<T>();
}
