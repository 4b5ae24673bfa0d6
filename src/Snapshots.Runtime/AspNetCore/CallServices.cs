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

        // After all else: AddGrpc puts gzip back into an empty list, and what it unpacks is not bounded.
        services.PostConfigure<GrpcServiceOptions>(static options => options.CompressionProviders.Clear());

        // By what they are made of, since finding that out takes time at each start.
        services.TryAddSingleton(static _ => new SnapshotterRouter());
        services.TryAddSingleton(static _ => new CallInsight());
        services.TryAddSingleton(static _ => new ThreadReserve());
        services.TryAddSingleton(static services => new CallLog(Get<ILoggerFactory>(services)));
        services.TryAddSingleton(static services => new RunningCalls(Get<IOptions<SnapshotterLimits>>(services), Get<CallLog>(services), Get<CallInsight>(services)));
        services.TryAddSingleton(static services => Gauges(Get<RunningCalls>(services)));
        services.TryAddSingleton(static services => new CallGate(Get<RunningCalls>(services), Get<IOptions<SnapshotterLimits>>(services)));
        services.TryAddSingleton(static services => new CallDispatcher(
            Get<SnapshotterRouter>(services), Get<RunningCalls>(services), Get<ThreadReserve>(services), Get<CallLog>(services), Get<CallInsight>(services)));
        services.TryAddSingleton(static services => new SnapshotterMapping(Get<SnapshotterRouter>(services), Get<CallDispatcher>(services), Get<CallGate>(services)));
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

    private static ServerGauges Gauges(RunningCalls calls) => new(() => calls.Count, () => calls.Hanging, () => calls.OldestAge);

    private static T Get<T>(IServiceProvider services)
        where T : notnull => services.GetRequiredService<T>();
}
