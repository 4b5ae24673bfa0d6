using Containerd.Snapshots.Tests.Fixtures;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Limits;

/// <summary>A method that hangs blocks neither its caller nor other calls nor the stop.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class HangingCallTests : IDisposable
{
    private readonly ManualResetEventSlim _release = new();
    private readonly TaskCompletionSource _releaseLater = new();
    private readonly CountdownEvent _hanging = new(1);

    [TearDown]
    public void Dispose()
    {
        _release.Dispose();
        _hanging.Dispose();
    }

    [Test]
    public async Task Its_caller_is_answered_at_the_deadline_whether_it_blocks_or_awaits()
    {
        await using var host = await StartAsync("--call-timeout", "Stat=200ms", "--call-timeout", "Prepare=200ms");

        Assert.Multiple(() =>
        {
            Rpc.Fails(StatusCode.DeadlineExceeded, () => host.Calls.Stat(new() { Key = "hangs" }));
            Rpc.Fails(StatusCode.DeadlineExceeded, () => host.Calls.Prepare(new() { Key = "hangs" }));
        });

        Release();
    }

    [Test]
    public async Task Other_calls_succeed_while_32_block_and_32_await()
    {
        await using var host = await StartAsync("--call-timeout", "Stat=1s", "--call-timeout", "Prepare=1s");
        _hanging.AddCount(63);
        var hanging = Enumerable.Range(0, 32).SelectMany(_ => (Task[])
        [
            host.Calls.StatAsync(new() { Key = "hangs" }).ResponseAsync,
            host.Calls.PrepareAsync(new() { Key = "hangs" }).ResponseAsync,
        ]).ToList();
        Assert.That(_hanging.Wait(TimeSpan.FromSeconds(30)), Is.True, "all hang");

        for (var i = 0; i < 1000; i++)
            Assert.That((await host.Calls.StatAsync(new() { Key = "k" })).Info.Name, Is.EqualTo("k"));

        foreach (var call in hanging)
            await Rpc.FailsAsync(StatusCode.DeadlineExceeded, () => call);

        Release();
    }

    [Test]
    public async Task Its_token_is_canceled()
    {
        var isCanceled = new TaskCompletionSource();
        await using var host = await RunningHost.StartAsync(
            new Scripted
            {
                OnPrepare = async arguments =>
                {
                    arguments.CancellationToken.Register(isCanceled.SetResult);
                    await _releaseLater.Task;
                    return SnapshotResult.NotFound("k");
                },
            },
            "--call-timeout", "Prepare=100ms");

        Rpc.Fails(StatusCode.DeadlineExceeded, () => host.Calls.Prepare(new() { Key = "k" }));
        await Eventually.Within(isCanceled.Task);

        _releaseLater.SetResult();
    }

    [Test]
    public async Task A_late_result_is_dropped_and_the_connection_stays_open()
    {
        await using var host = await StartAsync("--call-timeout", "Stat=100ms", "--call-timeout", "Prepare=100ms");
        for (var i = 0; i < 5; i++)
        {
            Rpc.Fails(StatusCode.DeadlineExceeded, () => host.Calls.Stat(new() { Key = "hangs" }));
            Rpc.Fails(StatusCode.DeadlineExceeded, () => host.Calls.Prepare(new() { Key = "hangs" }));
        }

        Release();

        for (var i = 0; i < 100; i++)
            Assert.That(host.Calls.Stat(new() { Key = "k" }).Info.Name, Is.EqualTo("k"));
    }

    [Test]
    public async Task A_walk_that_hangs_after_its_first_message_ends_too()
    {
        await using var host = await RunningHost.StartAsync(new Scripted { OnWalk = _ => OneAndThenNone(_releaseLater.Task) }, "--call-timeout", "List=300ms");

        using var list = host.Calls.List(new());
        await Eventually.Within(list.ResponseStream.MoveNext(default));

        await Rpc.FailsAsync(StatusCode.DeadlineExceeded, () => Eventually.Within(list.ResponseStream.MoveNext(default)));
        _releaseLater.SetResult();
    }

    [Test]
    public async Task The_stop_waits_for_it_no_longer_than_the_drain_time()
    {
        await using var host = await StartAsync("--call-timeout", "Stat=100ms", "--drain-time", "200ms");
        Rpc.Fails(StatusCode.DeadlineExceeded, () => host.Calls.Stat(new() { Key = "hangs" }));

        Assert.That(await Eventually.Within(host.StopAsync()), Is.Zero);

        Release();
    }

    [Test]
    public async Task A_shorter_deadline_of_the_caller_wins()
    {
        await using var host = await StartAsync();

        Rpc.Fails(StatusCode.DeadlineExceeded, () => host.Calls.Stat(new() { Key = "hangs" }, deadline: DateTime.UtcNow.AddMilliseconds(200)));

        Release();
    }

    private Task<RunningHost> StartAsync(params string[] options) => RunningHost.StartAsync(
        new Scripted
        {
            OnStat = key =>
            {
                if (key == "hangs")
                {
                    Count();
                    _release.Wait();
                }

                return new() { Name = key, Kind = SnapshotKind.Active };
            },
            OnPrepare = async _ =>
            {
                Count();
                await _releaseLater.Task;
                return SnapshotResult.Of<IReadOnlyList<Mount>>([]);
            },
        },
        options);

    private void Count()
    {
        if (!_hanging.IsSet)
            _hanging.Signal();
    }

    private void Release()
    {
        _release.Set();
        _releaseLater.SetResult();
    }

    private static async IAsyncEnumerable<SnapshotInfo> OneAndThenNone(Task never)
    {
        yield return new() { Name = "one", Kind = SnapshotKind.Active };
        await never;
    }
}
