using Containerd.Snapshots.Runtime.Calls;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;

namespace Containerd.Snapshots.Hosting.Health;

/// <summary>
/// The service <c>grpc.health.v1.Health</c>: serving, until a stop is asked for. An open Watch hears of that, and ends, so that
/// the stop need not wait for it.
/// </summary>
internal sealed class HostHealth(CancellationToken stopping)
{
    // A request is the name of a service: nobody may send more, at whatever pace.
    private const int MaxRequestBytes = 4096;

    private HealthStatus Status => stopping.IsCancellationRequested ? HealthStatus.NotServing : HealthStatus.Serving;

    /// <summary>The service, for the gRPC layer.</summary>
    public ServerServiceDefinition Bind() => ServerServiceDefinition.CreateBuilder()
        .AddMethod(HealthMethods.Check, CheckAsync)
        .AddMethod(HealthMethods.Watch, WatchAsync)
        .Build();

    /// <summary>Puts itself before an endpoint of the service, as a convention.</summary>
    public static void Guard(EndpointBuilder endpoint)
    {
        var answer = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = http =>
        {
            if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
                size.MaxRequestBodySize = MaxRequestBytes;

            return answer(http);
        };
    }

    private Task<HealthStatus> CheckAsync(string service, ServerCallContext context)
    {
        if (IsKnown(service))
            return Task.FromResult(Status);

        context.Status = new(StatusCode.NotFound, $"no service of that name is served here, only {CallMethods.Service}");
        return Task.FromResult(HealthStatus.Unknown);
    }

    private async Task WatchAsync(string service, IServerStreamWriter<HealthStatus> stream, ServerCallContext context)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, context.CancellationToken);
        var isKnown = IsKnown(service);
        await stream.WriteAsync(isKnown ? Status : HealthStatus.ServiceUnknown, CancellationToken.None).ConfigureAwait(false);
        await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        if (isKnown && !context.CancellationToken.IsCancellationRequested)
            await stream.WriteAsync(Status, CancellationToken.None).ConfigureAwait(false);

        context.Status = new(StatusCode.Unavailable, "the server stops");
    }

    // The empty name asks for the server as a whole.
    private static bool IsKnown(string service) => service is "" or CallMethods.Service;
}
