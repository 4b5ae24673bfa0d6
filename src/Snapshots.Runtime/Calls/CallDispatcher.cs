using Containerd.Snapshots.CompilerServices;
using Containerd.Snapshots.Runtime.Errors;
using Containerd.Snapshots.Runtime.Insight;
using Containerd.Snapshots.Runtime.Limits;
using Containerd.Snapshots.Runtime.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.Runtime.Calls;

/// <summary>
/// The gRPC service that containerd calls. It finds the snapshotter, checks the request, runs the snapshotter's method,
/// and turns the result or exception into a response or a status.
/// </summary>
internal sealed class CallDispatcher(SnapshotterRouter router, RunningCalls calls, ThreadReserve threads, CallLog log, CallInsight insight)
{
    /// <summary>Creates the service's definition for the gRPC layer.</summary>
    public ServerServiceDefinition Bind()
    {
        var service = ServerServiceDefinition.CreateBuilder();
        foreach (var method in CallMethods.Unary)
            service.AddMethod(method, AnswerAsync);

        return service.AddMethod(CallMethods.List, AnswerAsync).Build();
    }

    private Task AnswerAsync(SnapshotCall call, IServerStreamWriter<InfoBatch> stream, ServerCallContext grpc)
    {
        ((WalkCall)call).Stream = stream;
        return AnswerAsync(call, grpc);
    }

    private async Task<SnapshotCall> AnswerAsync(SnapshotCall call, ServerCallContext grpc)
    {
        var http = grpc.GetHttpContext();
        call.Attach(http);
        var activity = insight.Begin(http, call);

        try
        {
            if (Find(call) is { } service)
                await AnswerAsync(call, service).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            call.Fail(exception);
        }

        if (call.Outcome is { Error: { } error, Message: var message })
            grpc.Status = ErrorTranslation.ToStatus(error, message);

        var finished = call.Running.FinishAsync();
        log.Answered(call);
        if (activity is not null)
            CallInsight.End(call, activity);

        if (insight.Measures && call.Running.TryMeasure())
            insight.Measure(call.Running.Method.FullName, call.Running.Started, grpc.Status.StatusCode);

        await finished.ConfigureAwait(false);
        return call;
    }

    private async ValueTask AnswerAsync(SnapshotCall call, SnapshotterService service)
    {
        call.Running.Begin(call);
        using var place = await calls.EnterAsync(call.Running).ConfigureAwait(false);
        call.Running.ThrowIfTimedOut();
        if (!place.IsAcquired)
        {
            call.Fail(calls.Full);
            return;
        }

        call.Running.Place = place;
        threads.Enter();
        try
        {
            await call.AnswerAsync(service).ConfigureAwait(false);
        }
        finally
        {
            threads.Leave();
        }
    }

    private SnapshotterService? Find(SnapshotCall call)
    {
        var check = Check(call, out var service);
        if (check.IsSuccess)
            return service;

        call.Fail(check);
        return null;
    }

    private SnapshotResult Check(SnapshotCall call, out SnapshotterService? service)
    {
        service = null;
        if (call.Malformed is { } flaw)
            return SnapshotResult.InvalidArgument($"cannot decode the {call.CallName} request: {flaw}");

        return router.TryFind(call.Snapshotter, out service)
            ? call.Check()
            : SnapshotResult.Failure(
                SnapshotterError.NotFound,
                $"snapshotter \"{call.Snapshotter}\" is not served here, only {string.Join(", ", router.Names)}");
    }
}
