using Containerd.Snapshots.Tests.Client;
using Containerd.Snapshots.Tests.Fixtures;
using Containerd.Snapshots.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Limits;

/// <summary>Calls that wait for something outside the program.</summary>
internal sealed class OutsideWaitTests
{
    [Test]
    public async Task A_call_that_waits_outside_takes_no_place()
    {
        var (waiting, download) = (new SemaphoreSlim(0), new TaskCompletionSource());
        await using var host = await RunningHost.StartAsync(Waiting(waiting, download.Task), "--max-calls", "1", "--max-queued-calls", "0");

        List<Task<PrepareSnapshotResponse>> calls = [];
        for (var key = 0; key < 20; key++)
        {
            calls.Add(host.Calls.PrepareAsync(new() { Key = $"{key}" }).ResponseAsync);
            await Eventually.Within(waiting.WaitAsync());
        }

        Rpc.Fails(StatusCode.NotFound, () => host.Calls.Stat(new() { Key = "k" }));
        download.SetResult();
        foreach (var call in calls)
            await Eventually.Within(call);
    }

    [Test]
    public async Task The_hosts_limit_does_not_count_while_a_call_waits_outside()
    {
        var (waiting, hanging) = (new SemaphoreSlim(0), new ManualResetEventSlim());
        var download = new TaskCompletionSource();
        var snapshotter = Waiting(waiting, download.Task, _ =>
        {
            hanging.Wait();
            return SnapshotUsage.None;
        });
        await using var host = await RunningHost.StartAsync(snapshotter, "--call-timeout", "Prepare=100ms", "--call-timeout", "Usage=300ms");

        var first = host.Calls.PrepareAsync(new() { Key = "1" }).ResponseAsync;
        await Eventually.Within(waiting.WaitAsync());
        Rpc.Fails(StatusCode.DeadlineExceeded, () => host.Calls.Usage(new() { Key = "k" })); // The clock has passed the limit of both.
        hanging.Set();
        download.SetResult();
        await Eventually.Within(first);
    }

    [Test]
    public async Task The_callers_deadline_ends_a_call_that_waits_outside()
    {
        var waiting = new SemaphoreSlim(0);
        await using var host = await RunningHost.StartAsync(Waiting(waiting, new TaskCompletionSource().Task));
        Rpc.Fails(StatusCode.DeadlineExceeded, () => host.Calls.Prepare(new() { Key = "1" }, deadline: DateTime.UtcNow.AddMilliseconds(200)));
    }

    [Test]
    public async Task A_failure_of_what_it_waits_for_is_the_calls()
    {
        var (waiting, download) = (new SemaphoreSlim(0), new TaskCompletionSource());
        await using var host = await RunningHost.StartAsync(Waiting(waiting, download.Task));
        var call = host.Calls.PrepareAsync(new() { Key = "1" }).ResponseAsync;
        await Eventually.Within(waiting.WaitAsync());
        download.SetException(SnapshotterException.FailedPrecondition("the registry is gone"));
        var status = await Rpc.FailsAsync(StatusCode.FailedPrecondition, () => call);
        Assert.That(status.Detail, Does.Contain("the registry is gone"));
    }

    private static Scripted Waiting(SemaphoreSlim waiting, Task outside, Func<string, SnapshotUsage>? usage = null) => new()
    {
        OnUsage = usage ?? (_ => SnapshotUsage.None),
        OnPrepare = async call =>
        {
            var waited = call.Context.WaitAsync(outside, call.CancellationToken);
            waiting.Release();
            await waited;
            return SnapshotResult.Of<IReadOnlyList<Mount>>([]);
        },
    };
}
