using Containerd.Snapshots.Tests.Client;
using Containerd.Snapshots.Tests.Fixtures;
using Containerd.Snapshots.Wire;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Tests.Limits;

/// <summary>Limits of running and of waiting calls.</summary>
internal sealed class QueueTests
{
    [Test]
    public async Task A_call_beyond_the_limit_waits_and_one_beyond_the_queue_is_refused()
    {
        var begun = new SemaphoreSlim(0);
        var release = new SemaphoreSlim(0);
        await using var host = await RunningHost.StartAsync(
            new Scripted
            {
                OnPrepare = async _ =>
                {
                    begun.Release();
                    await release.WaitAsync();
                    return SnapshotResult.Of<IReadOnlyList<Mount>>([Mount.Bind("/done")]);
                },
            },
            "--max-calls", "1", "--max-queued-calls", "1");

        var first = host.Calls.PrepareAsync(new() { Key = "1" }).ResponseAsync;
        await begun.WaitAsync();

        // Either of the two may come first.
        List<Task<PrepareSnapshotResponse>> others = [.. new[] { "2", "3" }.Select(key => host.Calls.PrepareAsync(new() { Key = key }).ResponseAsync)];
        var refused = await Eventually.Within(Task.WhenAny(others));
        others.Remove(refused);

        var status = await Rpc.FailsAsync(StatusCode.ResourceExhausted, () => refused);
        Assert.That(status.Detail, Is.EqualTo("the limits of 1 running and 1 waiting calls are reached: try again later: resource exhausted"));
        Assert.That(others[0].IsCompleted, Is.False);
        release.Release(2);
        Assert.That((await Eventually.Within(first)).Mounts, Has.Count.EqualTo(1));
        Assert.That((await Eventually.Within(others[0])).Mounts, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_waiting_call_has_a_deadline_too()
    {
        var begun = new TaskCompletionSource();
        var release = new SemaphoreSlim(0);
        await using var host = await RunningHost.StartAsync(
            new Scripted
            {
                OnPrepare = async _ =>
                {
                    begun.SetResult();
                    await release.WaitAsync();
                    return SnapshotResult.Of<IReadOnlyList<Mount>>([]);
                },
            },
            "--max-calls", "1", "--call-timeout", "Stat=200ms");

        var first = host.Calls.PrepareAsync(new() { Key = "1" }).ResponseAsync;
        await Eventually.Within(begun.Task);

        Rpc.Fails(StatusCode.DeadlineExceeded, () => host.Calls.Stat(new() { Key = "k" }));
        release.Release();
        await Eventually.Within(first);
    }

    // Its slot comes after its limit, while the clock still writes the answer.
    [Test]
    public async Task A_call_that_timed_out_while_it_waited_does_not_begin()
    {
        var (begun, release, isAnswered, hasBegun) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource(), false);
        var folder = Directory.CreateTempSubdirectory("snap-");
        var socket = Path.Combine(folder.FullName, "test.sock");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(socket, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.Configure<SnapshotterLimits>(limits =>
        {
            limits.MaxConcurrentCalls = 1;
            limits.CallTimeouts["Stat"] = TimeSpan.FromMilliseconds(100);
        });
        builder.Services.AddSnapshotter(_ => new Scripted
        {
            OnPrepare = async _ =>
            {
                begun.SetResult();
                await release.Task;
                return SnapshotResult.Of<IReadOnlyList<Mount>>([]);
            },
            OnStat = _ =>
            {
                hasBegun = true;
                return null;
            },
        });
        await using (var app = builder.Build())
        {
            app.Use((http, next) =>
            {
                if (http.Request.Path.Value!.EndsWith("/Stat", StringComparison.Ordinal))
                    http.Features.Set<IHttpResponseBodyFeature>(new UnreadResponse(isAnswered.SetResult));
                return next(http);
            });
            app.MapSnapshotter<Scripted>();
            await app.StartAsync();
            using var client = new SnapshotsClient(socket);
            var first = client.Calls.PrepareAsync(new() { Key = "1" }).ResponseAsync;
            await Eventually.Within(begun.Task);

            var second = client.Calls.StatAsync(new() { Key = "k" }).ResponseAsync;
            await Eventually.Within(isAnswered.Task);
            release.SetResult();

            await Eventually.Within(first);
            Assert.That(() => Eventually.Within(second), Throws.InstanceOf<RpcException>());
        }

        Assert.That(hasBegun, Is.False);
        folder.Delete(recursive: true);
    }

    [Test]
    public async Task A_request_that_is_too_large_is_refused()
    {
        await using var host = await RunningHost.StartAsync(new Scripted(), "--max-request-size", "4096");

        Rpc.Fails(StatusCode.ResourceExhausted, () => host.Calls.Stat(new() { Key = new string('x', 5000) }));
    }
}
