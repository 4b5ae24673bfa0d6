using Containerd.Snapshots.Tests.Fixtures;
using Grpc.Core;
using Grpc.Health.V1;

namespace Containerd.Snapshots.Tests.Hosting;

/// <summary>grpc.health.v1 on the snapshotter's socket.</summary>
internal sealed class HealthTests
{
    private const string Snapshots = "containerd.services.snapshots.v1.Snapshots";

    [TestCase("")]
    [TestCase(Snapshots)]
    public async Task A_running_server_reports_Serving(string service)
    {
        await using var host = await RunningHost.StartAsync(new Scripted());

        var health = new Health.HealthClient(host.Client.Channel);

        Assert.That((await health.CheckAsync(new() { Service = service })).Status, Is.EqualTo(HealthCheckResponse.Types.ServingStatus.Serving));
    }

    [Test]
    public async Task An_unknown_service_is_not_found()
    {
        await using var host = await RunningHost.StartAsync(new Scripted());

        var health = new Health.HealthClient(host.Client.Channel);

        await Rpc.FailsAsync(StatusCode.NotFound, () => health.CheckAsync(new() { Service = "other" }).ResponseAsync);
    }

    [Test]
    public async Task A_watch_reports_the_stop_while_calls_are_finished()
    {
        var begun = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var host = await RunningHost.StartAsync(new Scripted
        {
            OnPrepare = async _ =>
            {
                begun.SetResult();
                await release.Task;
                return SnapshotResult.Of<IReadOnlyList<Mount>>([]);
            },
        });
        using var watch = new Health.HealthClient(host.Client.Channel).Watch(new() { Service = Snapshots });
        await Eventually.Within(watch.ResponseStream.MoveNext(default));
        Assert.That(watch.ResponseStream.Current.Status, Is.EqualTo(HealthCheckResponse.Types.ServingStatus.Serving));
        var call = host.Calls.PrepareAsync(new() { Key = "k" }).ResponseAsync;
        await Eventually.Within(begun.Task);

        var stop = host.StopAsync();
        await Eventually.Within(watch.ResponseStream.MoveNext(default));

        Assert.That(watch.ResponseStream.Current.Status, Is.EqualTo(HealthCheckResponse.Types.ServingStatus.NotServing));
        Assert.That(call.IsCompleted, Is.False);
        release.SetResult();
        await Eventually.Within(call);
        Assert.That(await Eventually.Within(stop), Is.Zero);
    }

    [Test]
    public async Task An_open_watch_does_not_delay_the_stop()
    {
        await using var host = await RunningHost.StartAsync(new Scripted(), "--drain-time", "1h");
        using var watch = new Health.HealthClient(host.Client.Channel).Watch(new());
        await Eventually.Within(watch.ResponseStream.MoveNext(default));

        Assert.That(await Eventually.Within(host.StopAsync()), Is.Zero);
    }
}
