using Containerd.Snapshots.Runtime.Errors;
using Containerd.Snapshots.Runtime.Limits;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Containerd.Snapshots.Runtime.Calls;

/// <summary>
/// Runs before the gRPC layer for each call: sets the call's time limit and adds it to the running calls. It removes the
/// header <c>grpc-timeout</c>, so that the gRPC layer does not measure the time, too.
/// </summary>
internal sealed class CallGate(RunningCalls calls, IOptions<SnapshotterLimits> limits)
{
    private readonly CallTimeouts _timeouts = limits.Value.CallTimeouts;

    /// <summary>Adds the gate to an endpoint of the service, as a convention.</summary>
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
            return RunAsync(http, answer, new(http, method, new(limit, TimeSpan.MaxValue)));

        if (!GrpcTimeout.TryRead(header.ToString(), out var asked))
            return Refuse(http, SnapshotterError.InvalidArgument, "cannot read the header grpc-timeout: it needs one to eight digits and a unit (H, M, S, m, u or n)");

        if (asked == TimeSpan.Zero)
            return Refuse(http, SnapshotterError.DeadlineExceeded, "the caller's deadline passed before the call arrived");

        http.Request.Headers.GrpcTimeout = default;
        return RunAsync(http, answer, new(http, method, new(limit, asked < CallTimeouts.MaxTimeout ? asked : TimeSpan.MaxValue)));
    }

    private async Task RunAsync(HttpContext http, RequestDelegate answer, RunningCall call)
    {
        http.Features.Set(call);
        calls.Add(call);
        try
        {
            var answering = answer(http);
            if (!answering.IsCompleted)
                call.Wait();

            await answering.ConfigureAwait(false);
        }
        finally
        {
            await call.Detached.ConfigureAwait(false); // Who answers in its stead still uses the request.
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
