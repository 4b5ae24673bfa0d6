using Containerd.Snapshots.Tests.Client;
using Containerd.Snapshots.Tests.Fixtures;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Limits;

/// <summary>Answers of calls that reach a time limit.</summary>
internal sealed class TimeoutTests
{
    [Test]
    public async Task The_status_names_the_server_s_limit_and_its_option()
    {
        var release = new TaskCompletionSource();
        await using var host = await RunningHost.StartAsync(Waiting(release.Task), "--call-timeout", "Prepare=100ms");

        Rpc.Fails(
            StatusCode.DeadlineExceeded,
            () => host.Calls.Prepare(new() { Key = "k" }),
            "Prepare took longer than 100 ms, its limit (option --call-timeout Prepare=TIME, or CallTimeouts[\"Prepare\"])");

        release.SetResult();
    }

    // Bare requests, because a client library has its own clock and would answer itself.
    [TestCase("--call-timeout", "Prepare=21ms", null)]
    [TestCase("--call-timeout", "Prepare=1m", "21m")]
    public async Task A_call_that_ends_when_its_time_is_up_gets_its_answer_or_DeadlineExceeded(string option, string limit, string? deadline)
    {
        await using var host = await RunningHost.StartAsync(
            new Scripted
            {
                OnPrepare = async _ =>
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(20));
                    return SnapshotResult.Of<IReadOnlyList<Mount>>([Mount.Bind("/done")]);
                },
            },
            option, limit);
        using var client = new HttpClient(UnixSocketHandler.To(host.SocketPath));

        var statuses = new List<string>();
        for (var i = 0; i < 40; i++)
            statuses.AddRange(await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => BareRequest.StatusOfAsync(client, "Prepare", [0x12, 1, (byte)'k'], deadline))));

        Assert.That(statuses.Distinct(), Is.SubsetOf(new[] { BareRequest.Ok, BareRequest.DeadlineExceeded }));
    }

    [Test]
    public async Task A_request_that_does_not_arrive_is_answered_and_its_connection_goes_on()
    {
        await using var host = await RunningHost.StartAsync(new Scripted(), "--call-timeout", "Stat=100ms");
        using var client = new HttpClient(UnixSocketHandler.To(host.SocketPath));
        using var unfinished = BareRequest.Unfinished("Stat");

        using var response = await Eventually.Within(client.SendAsync(unfinished, HttpCompletionOption.ResponseHeadersRead));

        Assert.That(response.Headers.GetValues("grpc-status"), Is.EqualTo(new[] { BareRequest.DeadlineExceeded }));
        Assert.That(await BareRequest.StatusOfAsync(client, "Remove", [0x12, 1, (byte)'k'], null), Is.EqualTo(BareRequest.Ok));
    }

    [Test]
    public async Task A_client_that_still_sends_its_request_gets_the_whole_answer()
    {
        await using var host = await RunningHost.StartAsync(new Scripted(), "--call-timeout", "Stat=50ms");
        using var client = new HttpClient(UnixSocketHandler.To(host.SocketPath));

        var statuses = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => StatusAsync()));

        Assert.That(statuses, Has.All.EqualTo(BareRequest.DeadlineExceeded));

        async Task<string> StatusAsync()
        {
            using var request = BareRequest.Unfinished("Stat");
            using var response = await Eventually.Within(client.SendAsync(request));
            return response.Headers.GetValues("grpc-status").Single();
        }
    }

    [Test]
    public async Task A_list_that_makes_progress_may_take_longer_than_its_limit()
    {
        await using var host = await RunningHost.StartAsync(new Scripted { OnWalk = _ => Slowly() }, "--call-timeout", "List=2s");

        using var list = host.Calls.List(new());
        var count = 0;
        while (await list.ResponseStream.MoveNext(default))
            count += list.ResponseStream.Current.Info.Count;

        Assert.That(count, Is.EqualTo(60));

        static async IAsyncEnumerable<SnapshotInfo> Slowly()
        {
            for (var i = 0; i < 60; i++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50));
                yield return new() { Name = $"{i}", Kind = SnapshotKind.Committed };
            }
        }
    }

    [Test]
    public async Task A_list_without_progress_is_ended_with_its_limit_in_the_status()
    {
        var release = new TaskCompletionSource();
        await using var host = await RunningHost.StartAsync(new Scripted { OnWalk = _ => Never(release.Task) }, "--call-timeout", "List=100ms");

        using var list = host.Calls.List(new());

        await Rpc.FailsAsync(
            StatusCode.DeadlineExceeded,
            () => list.ResponseStream.MoveNext(default),
            "List made no progress for 100 ms, its limit (option --call-timeout List=TIME, or CallTimeouts[\"List\"])");
        release.SetResult();

        static async IAsyncEnumerable<SnapshotInfo> Never(Task release)
        {
            await release;
            yield break;
        }
    }

    private static Scripted Waiting(Task release) => new()
    {
        OnPrepare = async _ =>
        {
            await release;
            return SnapshotResult.Of<IReadOnlyList<Mount>>([]);
        },
    };
}
