using Containerd.Snapshots.Tests.Fixtures;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Hosting;

internal sealed class StopTests
{
    [Test]
    public async Task The_socket_s_file_goes_first_and_calls_in_flight_are_finished()
    {
        var started = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var host = await RunningHost.StartAsync(new Scripted
        {
            OnPrepare = async _ =>
            {
                started.SetResult();
                await release.Task;
                return SnapshotResult.Of<IReadOnlyList<Mount>>([Mount.Bind("/late")]);
            },
        });

        var call = host.Calls.PrepareAsync(new() { Key = "k" }).ResponseAsync;
        await Eventually.Within(started.Task);
        var stop = host.StopAsync();
        await Eventually.TrueAsync(() => !File.Exists(host.SocketPath), "the file is gone");
        Assert.That(stop.IsCompleted, Is.False, "it waits for the call");
        release.SetResult();

        Assert.That((await Eventually.Within(call)).Mounts.Single().Source, Is.EqualTo("/late"));
        Assert.That(await Eventually.Within(stop), Is.Zero);
    }

    [Test]
    public async Task Snapshotters_are_disposed_after_the_last_call()
    {
        var snapshotter = new Disposable();
        await using var host = await RunningHost.StartAsync((args, token) => SnapshotterHost.RunAsync(args, _ => snapshotter, token));
        Assert.That(() => host.Calls.Stat(new() { Key = "k" }), Throws.InstanceOf<RpcException>());
        Assert.That(snapshotter.IsDisposed, Is.False);

        await host.StopAsync();

        Assert.That(snapshotter.IsDisposed, Is.True);
    }

    [Test]
    public async Task Work_in_the_background_hears_of_the_stop()
    {
        CancellationToken stopping = default;
        await using var host = await RunningHost.StartAsync((args, token) => SnapshotterHost.RunAsync(
            args,
            context =>
            {
                stopping = context.Stopping;
                return new Scripted();
            },
            token));

        await host.StopAsync();

        Assert.That(stopping.IsCancellationRequested, Is.True);
    }
}

[Snapshotter]
internal sealed partial class Disposable : IAsyncDisposable
{
    public bool IsDisposed { get; private set; }

    public SnapshotInfo? Stat(string key) => null;

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return default;
    }
}
