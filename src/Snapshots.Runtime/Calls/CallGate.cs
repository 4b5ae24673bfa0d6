using Containerd.Snapshots.Runtime.Errors;
using Containerd.Snapshots.Runtime.Limits;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Containerd.Snapshots.Runtime.Calls;

/// <summary>
/// What every call passes before the gRPC layer sees it: it gets its time, and a place among those in flight. The header
/// <c>grpc-timeout</c> is taken out, so that there is one clock.
/// </summary>
internal sealed class CallGate(RunningCalls calls, IOptions<SnapshotterLimits> limits)
{
    private readonly CallTimeouts _timeouts = limits.Value.CallTimeouts;

    /// <summary>Puts itself before an endpoint of the service, as a convention.</summary>
    public void Guard(EndpointBuilder endpoint)
    {
        if (endpoint.RequestDelegate is not { } answer || endpoint.Metadata.OfType<GrpcMethodMetadata>().FirstOrDefault() is not { } metadata)
            return;

        var method = CallMethod.Of(metadata.Method);
        var limit = _timeouts[method.Name];
        endpoint.RequestDelegate = http => AnswerAsync(http, answer, method, limit);
    }

    private Task AnswerAsync(HttpContext http, RequestDelegate answer, CallMethod method, TimeSpan limit)
    {
        if (calls.AreTooMany)
            return Refuse(http, SnapshotterError.ResourceExhausted, calls.Full.Message);

        var header = http.Request.Headers.GrpcTimeout;
        if (header.Count == 0)
            return RunAsync(http, answer, new(http, method, new(limit, null)));

        if (!GrpcTimeout.TryRead(header.ToString(), out var asked))
            return Refuse(http, SnapshotterError.InvalidArgument, "the header grpc-timeout is not a number of up to eight digits and a unit");

        if (asked == TimeSpan.Zero)
            return Refuse(http, SnapshotterError.DeadlineExceeded, "the caller's deadline passed before the call arrived");

        http.Request.Headers.GrpcTimeout = default;
        return RunAsync(http, answer, new(http, method, new(limit, asked < CallTimeouts.MaxTimeout ? asked : null)));
    }

    private async Task RunAsync(HttpContext http, RequestDelegate answer, RunningCall call)
    {
        http.Features.Set(call);
        calls.Add(call);
        try
        {
            await answer(http).ConfigureAwait(false);
        }
        finally
        {
            calls.Remove(call);
        }
    }

    private static Task Refuse(HttpContext http, SnapshotterError error, string message)
    {
        http.Response.ContentType = "application/grpc";
        DetachedResponse.SetStatus(http, ErrorTranslation.ToStatus(error, message));
        return Task.CompletedTask;
    }
}
