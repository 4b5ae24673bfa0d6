using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Hosting;

namespace Containerd.Snapshots.Hosting;

/// <summary>
/// The service <c>grpc.health.v1.Health</c>: serving, until a stop is asked for. An open Watch hears of that, and ends, so that
/// the stop need not wait for it.
/// </summary>
internal sealed class HostHealth(IHostApplicationLifetime lifetime) : Health.HealthBase
{
    private const string Snapshots = "containerd.services.snapshots.v1.Snapshots";

    private HealthCheckResponse.Types.ServingStatus Status => lifetime.ApplicationStopping.IsCancellationRequested
        ? HealthCheckResponse.Types.ServingStatus.NotServing
        : HealthCheckResponse.Types.ServingStatus.Serving;

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        if (IsKnown(request.Service))
            return Task.FromResult(new HealthCheckResponse { Status = Status });

        context.Status = new(StatusCode.NotFound, $"no service of that name is served here, only {Snapshots}");
        return Task.FromResult(new HealthCheckResponse());
    }

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, context.CancellationToken);
        var isKnown = IsKnown(request.Service);
        await responseStream.WriteAsync(new() { Status = isKnown ? Status : HealthCheckResponse.Types.ServingStatus.ServiceUnknown }, CancellationToken.None).ConfigureAwait(false);
        await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        if (isKnown && !context.CancellationToken.IsCancellationRequested)
            await responseStream.WriteAsync(new() { Status = Status }, CancellationToken.None).ConfigureAwait(false);

        context.Status = new(StatusCode.Unavailable, "the server stops");
    }

    // The empty name asks for the server as a whole.
    private static bool IsKnown(string service) => service is "" or Snapshots;
}
