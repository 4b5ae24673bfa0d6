using Containerd.Snapshots.CompilerServices;
using Containerd.Snapshots.Wire;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Containerd.Snapshots;

/// <summary>
/// The gRPC service that containerd calls: finds the snapshotter, checks the request, lets the snapshotter answer, and
/// turns whatever comes of it into a response or a status. No exception leaves it.
/// </summary>
internal sealed class SnapshotsEndpoint(SnapshotterRouter router, RunningCalls calls, CallLog log, CallInsight insight) : Wire.Snapshots.SnapshotsBase
{
    private static readonly Empty Nothing = new();

    public override Task<StatSnapshotResponse> Stat(StatSnapshotRequest request, ServerCallContext context) =>
        AnswerAsync(new StatCall(request, context), context, static (service, call) => service.Stat(call), static call => call.Response);

    public override Task<UpdateSnapshotResponse> Update(UpdateSnapshotRequest request, ServerCallContext context) =>
        AnswerAsync(new UpdateCall(request, context), context, static (service, call) => service.Update(call), static call => call.Response);

    public override Task<UsageResponse> Usage(UsageRequest request, ServerCallContext context) =>
        AnswerAsync(new UsageCall(request, context), context, static (service, call) => service.Usage(call), static call => call.Response);

    public override Task<MountsResponse> Mounts(MountsRequest request, ServerCallContext context) =>
        AnswerAsync(new MountsCall(request, context), context, static (service, call) => service.Mounts(call), static call => call.Response);

    public override Task<PrepareSnapshotResponse> Prepare(PrepareSnapshotRequest request, ServerCallContext context) =>
        AnswerAsync(new PrepareCall(request, context), context, static (service, call) => service.Prepare(call), static call => call.Response);

    public override Task<ViewSnapshotResponse> View(ViewSnapshotRequest request, ServerCallContext context) =>
        AnswerAsync(new ViewCall(request, context), context, static (service, call) => service.View(call), static call => call.Response);

    public override Task<Empty> Commit(CommitSnapshotRequest request, ServerCallContext context) =>
        AnswerAsync(new CommitCall(request, context), context, static (service, call) => service.Commit(call), static _ => Nothing);

    public override Task<Empty> Remove(RemoveSnapshotRequest request, ServerCallContext context) =>
        AnswerAsync(new RemoveCall(request, context), context, static (service, call) => service.Remove(call), static _ => Nothing);

    public override Task<Empty> Cleanup(CleanupRequest request, ServerCallContext context) =>
        AnswerAsync(new CleanupCall(request, context), context, static (service, call) => service.Cleanup(call), static _ => Nothing);

    public override Task List(ListSnapshotsRequest request, IServerStreamWriter<ListSnapshotsResponse> responseStream, ServerCallContext context) =>
        AnswerAsync(new WalkCall(request, responseStream, context), context, static (service, call) => service.Walk(call), static _ => Nothing);

    private async Task<TResponse> AnswerAsync<TCall, TResponse>(
        TCall call,
        ServerCallContext grpc,
        Func<SnapshotterService, TCall, ValueTask> answer,
        Func<TCall, TResponse> response)
        where TCall : SnapshotCall
    {
        var activity = insight.Begin(grpc.GetHttpContext(), call);

        try
        {
            if (Find(call) is { } service)
                await AnswerAsync(call, service, answer).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            call.Fail(exception);
        }

        if (call.Outcome is { Error: { } error, Message: var message })
            grpc.Status = ErrorTranslation.ToStatus(error, message);

        var finished = call.Running.FinishAsync();
        log.Answered(call);
        insight.End(call, activity);
        await finished.ConfigureAwait(false);
        return response(call);
    }

    private async ValueTask AnswerAsync<TCall>(TCall call, SnapshotterService service, Func<SnapshotterService, TCall, ValueTask> answer)
        where TCall : SnapshotCall
    {
        call.Running.Begin(call);
        using var place = await calls.EnterAsync(call.Running).ConfigureAwait(false);
        call.Running.ThrowIfTimedOut();
        if (place.IsAcquired)
            await answer(service, call).ConfigureAwait(false);
        else
            call.Fail(calls.Full);
    }

    private SnapshotterService? Find(SnapshotCall call)
    {
        if (!router.TryFind(call.Snapshotter, out var service))
        {
            call.Fail(SnapshotResult.Failure(
                SnapshotterError.NotFound,
                $"no snapshotter \"{call.Snapshotter}\" is served here, only {string.Join(", ", router.Names)}"));
            return null;
        }

        var check = call.Check();
        if (check.IsSuccess)
            return service;

        call.Fail(check);
        return null;
    }
}
