using Containerd.Snapshots.Tests.Fixtures;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Hosting;

internal sealed class StopTests
{
    [Test]
    public async Task A_stop_removes_the_socket_s_file_first_and_finishes_calls_in_flight()
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
        var isDisposed = false;
        var snapshotter = new Disposable(() => isDisposed = true);
        await using var host = await RunningHost.StartAsync((args, token) => SnapshotterHost.RunAsync(args, _ => snapshotter, token));
        Rpc.Fails(StatusCode.NotFound, () => host.Calls.Stat(new() { Key = "k" }));
        Assert.That(isDisposed, Is.False);

        await host.StopAsync();

        Assert.That(isDisposed, Is.True);
    }

    [Test]
    public async Task Snapshotters_are_disposed_in_reverse_order_even_if_one_fails()
    {
        var disposed = new List<string>();
        await using var host = await RunningHost.StartAsync((args, token) => SnapshotterHost.CreateBuilder(args)
            .AddSnapshotter("first", _ => new Disposable(() => disposed.Add("first")))
            .AddSnapshotter("failing", _ => new Disposable(() => throw new InvalidOperationException("cannot be disposed")))
            .AddSnapshotter("last", _ => new Disposable(() => disposed.Add("last")))
            .RunAsync(token));

        Assert.That(await host.StopAsync(), Is.Zero);

        Assert.That(disposed, Is.EqualTo(new[] { "last", "first" }));
    }

    [Test]
    public async Task A_stop_while_the_snapshotter_is_made_leaves_no_socket()
    {
        var folder = Directory.CreateTempSubdirectory("snap-");
        var path = Path.Combine(folder.FullName, "test.sock");
        using var stopping = new CancellationTokenSource();

        var exitCode = await Eventually.Within(SnapshotterHost.RunAsync(
            [path, "--log-level", "None"],
            _ =>
            {
                stopping.Cancel();
                return new Scripted();
            },
            stopping.Token));

        Assert.That(exitCode, Is.Zero);
        Assert.That(File.Exists(path), Is.False);
        folder.Delete(recursive: true);
    }

    [Test]
    public async Task A_stop_cancels_the_making_of_a_snapshotter()
    {
        var folder = Directory.CreateTempSubdirectory("snap-");
        var path = Path.Combine(folder.FullName, "test.sock");
        using var stopping = new CancellationTokenSource();

        var exitCode = await Eventually.Within(SnapshotterHost.RunAsync<Scripted>(
            [path, "--log-level", "None"],
            context =>
            {
                stopping.CancelAfter(TimeSpan.FromMilliseconds(1));
                context.Stopping.WaitHandle.WaitOne();
                throw new OperationCanceledException(context.Stopping);
            },
            stopping.Token));

        Assert.That(exitCode, Is.Zero);
        folder.Delete(recursive: true);
    }

    [Test]
    public async Task A_failed_start_cancels_background_work()
    {
        var folder = Directory.CreateTempSubdirectory("snap-");
        var ended = new TaskCompletionSource();

        var exitCode = await Eventually.Within(SnapshotterHost.CreateBuilder([Path.Combine(folder.FullName, "test.sock"), "--log-level", "None"])
            .AddSnapshotter("first", context =>
            {
                context.Stopping.Register(ended.SetResult);
                return new Disposable(() => ended.Task.Wait());
            })
            .AddSnapshotter<Disposable>("second", _ => throw SnapshotterException.FailedPrecondition("it cannot be made"))
            .RunAsync());

        Assert.That(exitCode, Is.EqualTo(1));
        folder.Delete(recursive: true);
    }

    [Test]
    public async Task A_stop_cancels_background_work()
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
internal sealed partial class Disposable(Action dispose) : IAsyncDisposable
{
    public SnapshotInfo? Stat(string key) => null;

    public ValueTask DisposeAsync()
    {
        dispose();
        return default;
    }
}
