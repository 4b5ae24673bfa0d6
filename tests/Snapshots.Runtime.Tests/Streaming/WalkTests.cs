using System.Runtime.CompilerServices;
using Containerd.Snapshots.Runtime.Wire;
using Containerd.Snapshots.Tests.Fixtures;
using Containerd.Snapshots.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Streaming;

internal sealed class WalkTests
{
    [TestCase(0, new int[0])]
    [TestCase(1, new[] { 1 })]
    [TestCase(100, new[] { 100 })]
    [TestCase(250, new[] { 100, 100, 50 })]
    public async Task Messages_have_at_most_100_infos(int count, int[] sizes)
    {
        await using var host = await RunningHost.StartAsync(new Scripted { OnWalk = _ => Infos(count).ToAsyncEnumerable() });

        var messages = await ListAsync(host);

        Assert.Multiple(() =>
        {
            Assert.That(messages.Select(each => each.Info.Count), Is.EqualTo(sizes));
            Assert.That(messages.SelectMany(each => each.Info).Select(each => each.Name), Is.EqualTo(Infos(count).Select(each => each.Name)));
        });
    }

    [TestCase(new[] { 400 << 10, 400 << 10, 400 << 10, 3 << 20, 1, 1 }, new[] { 2, 1, 1, 2 })]
    [TestCase(new[] { 400 << 10, 400 << 10, 400 << 10, 1 }, new[] { 2, 2 })]
    public async Task Messages_have_at_most_a_mebibyte_unless_one_info_is_larger(int[] labelSizes, int[] sizes)
    {
        await using var host = await RunningHost.StartAsync(new Scripted
        {
            OnWalk = _ => labelSizes.Select((size, index) => Info($"{index}", size)).ToAsyncEnumerable(),
        });

        var messages = await ListAsync(host);

        Assert.That(messages.Select(each => each.Info.Count), Is.EqualTo(sizes));
    }

    [Test]
    public async Task An_info_too_large_for_a_message_is_an_error_that_names_it()
    {
        await using var host = await RunningHost.StartAsync(new Scripted { OnWalk = _ => AsyncEnumerable.Repeat(Info("huge", 16 << 20), 1) });

        await Rpc.FailsAsync(StatusCode.ResourceExhausted, () => ListAsync(host), "\"huge\"");
    }

    [TestCase(3)]
    [TestCase(InfoBatch.MaxInfos)]
    public async Task Infos_are_sent_when_the_source_has_nothing_more_ready(int count)
    {
        var release = new TaskCompletionSource();
        await using var host = await RunningHost.StartAsync(new Scripted { OnWalk = _ => PauseAfter(count, release.Task) });

        using var list = host.Calls.List(new());
        await Eventually.Within(list.ResponseStream.MoveNext(default));
        var first = list.ResponseStream.Current.Info.Count;
        release.SetResult();
        await Eventually.Within(list.ResponseStream.MoveNext(default));

        Assert.Multiple(() =>
        {
            Assert.That(first, Is.EqualTo(count));
            Assert.That(list.ResponseStream.Current.Info.Count, Is.EqualTo(1));
        });
    }

    [Test]
    public async Task An_error_after_some_infos_reaches_the_client()
    {
        await using var host = await RunningHost.StartAsync(new Scripted { OnWalk = _ => FailAfterOne() });

        await Rpc.FailsAsync(StatusCode.DataLoss, () => ListAsync(host));
    }

    [Test]
    public async Task A_null_info_is_an_internal_error()
    {
        await using var host = await RunningHost.StartAsync(new Scripted { OnWalk = _ => AsyncEnumerable.Repeat<SnapshotInfo>(null!, 1) });

        await Rpc.FailsAsync(StatusCode.Internal, () => ListAsync(host), "the snapshotter's Walk yielded null");
    }

    [Test]
    public async Task The_runtime_filters_for_a_walk_that_takes_no_filter()
    {
        await using var host = await RunningHost.StartAsync(new Scripted { OnWalk = _ => Infos(20).ToAsyncEnumerable() });

        var messages = await ListAsync(host, "name==7", "name==11");

        Assert.That(messages.SelectMany(each => each.Info).Select(each => each.Name), Is.EqualTo(new[] { "7", "11" }));
    }

    [Test]
    public async Task A_client_that_goes_away_stops_a_source_that_yields()
    {
        var stopped = new TaskCompletionSource();
        await using var host = await RunningHost.StartAsync(new Scripted { OnWalk = _ => Endless(stopped) });

        await TakeOneMessageAsync(host);

        await Eventually.Within(stopped.Task);
    }

    [Test]
    public async Task A_client_that_goes_away_stops_a_source_that_waits()
    {
        var stopped = new TaskCompletionSource();
        await using var host = await RunningHost.StartAsync(new Scripted { OnWalk = token => OneThenNothing(stopped, token) });

        await TakeOneMessageAsync(host);

        await Eventually.Within(stopped.Task);
    }

    [Test]
    public async Task A_client_that_does_not_read_slows_the_source()
    {
        var yielded = 0;
        await using var host = await RunningHost.StartAsync(new Scripted { OnWalk = _ => Count(() => Interlocked.Increment(ref yielded)) });

        using var list = host.Calls.List(new());
        await list.ResponseStream.MoveNext(default);
        await Eventually.StandsStillAsync(() => Volatile.Read(ref yielded));

        Assert.That(Volatile.Read(ref yielded), Is.LessThan(2000)); // 64 KiB each: the windows of HTTP/2 hold some hundreds.
    }

    private static async Task TakeOneMessageAsync(RunningHost host)
    {
        using var list = host.Calls.List(new());
        Assert.That(await list.ResponseStream.MoveNext(default), Is.True);
    }

    private static async Task<List<ListSnapshotsResponse>> ListAsync(RunningHost host, params string[] filters)
    {
        using var list = host.Calls.List(new() { Filters = { filters } });
        return await list.ResponseStream.ReadAllAsync().ToListAsync();
    }

    private static IEnumerable<SnapshotInfo> Infos(int count) => Enumerable.Range(0, count).Select(index => Info($"{index}", 1));

    private static SnapshotInfo Info(string name, int labelSize) => new()
    {
        Name = name,
        Kind = SnapshotKind.Committed,
        Labels = new Dictionary<string, string> { ["a"] = new('x', labelSize) },
    };

    private static async IAsyncEnumerable<SnapshotInfo> PauseAfter(int count, Task release)
    {
        foreach (var info in Infos(count))
            yield return info;

        await release;
        yield return Info("last", 1);
    }

    private static async IAsyncEnumerable<SnapshotInfo> FailAfterOne()
    {
        await Task.Yield();
        yield return Info("0", 1);
        throw new SnapshotterException(SnapshotterError.DataLoss, "the rest is gone");
    }

    private static async IAsyncEnumerable<SnapshotInfo> Endless(TaskCompletionSource stopped)
    {
        try
        {
            while (true)
            {
                await Task.Yield();
                yield return Info("again", 1024);
            }
        }
        finally
        {
            stopped.SetResult();
        }
    }

    private static async IAsyncEnumerable<SnapshotInfo> OneThenNothing(TaskCompletionSource stopped, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            yield return Info("0", 1);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            stopped.SetResult();
        }
    }

    private static async IAsyncEnumerable<SnapshotInfo> Count(Func<int> next)
    {
        while (next() < 100_000)
        {
            await Task.Yield();
            yield return Info("again", 64 << 10);
        }
    }
}
