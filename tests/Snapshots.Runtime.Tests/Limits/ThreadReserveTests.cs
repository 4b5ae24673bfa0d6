using Containerd.Snapshots.Runtime.Limits;
using Containerd.Snapshots.Tests.Fixtures;

namespace Containerd.Snapshots.Tests.Limits;

/// <summary>The threads that the pool starts at once, which are few at first and more than the methods at work.</summary>
[NonParallelizable]
internal sealed class ThreadReserveTests
{
    private int _workers, _completions;

    [SetUp]
    public void LeaveThePoolNoMoreThanItsProcessors()
    {
        ThreadPool.GetMinThreads(out _workers, out _completions);
        ThreadPool.SetMinThreads(Environment.ProcessorCount, _completions);
    }

    [TearDown]
    public void Restore() => ThreadPool.SetMinThreads(_workers, _completions);

    // .NET ends the process if the pool cannot start a thread.
    [Test]
    public void Near_the_limit_of_threads_the_pool_starts_none_until_more_can_be_started()
    {
        ThreadPool.GetMaxThreads(out var most, out _);
        var (canStart, log, time) = (false, new RecordedLog(), new Clock());
        var reserve = new ThreadReserve(_ => canStart, log, time);

        Enter(reserve, 20);
        var limited = (Least: MinThreads(), Most: MaxThreads());
        canStart = true;
        Enter(reserve, 20);
        var isAskedAgainAtOnce = MaxThreads() == most;
        time.Now++;
        Enter(reserve, 1);

        Assert.Multiple(() =>
        {
            Assert.That(limited.Most, Is.EqualTo(limited.Least).And.InRange(Environment.ProcessorCount, ThreadPool.ThreadCount + 100));
            Assert.That(log.Entries.Select(entry => entry.Message), Has.One.StartsWith("The limit of threads is near"));
            Assert.That(isAskedAgainAtOnce, Is.False);
            Assert.That(MaxThreads(), Is.EqualTo(most));
            Assert.That(MinThreads(), Is.EqualTo(Math.Max(limited.Least, Environment.ProcessorCount + 41 + 8)), "The pool may have more threads already.");
        });
    }

    [Test]
    public void A_few_threads_can_be_started() => Assert.That(ThreadProbe.CanStart(20), Is.True);

    private static void Enter(ThreadReserve reserve, int methods)
    {
        for (var i = 0; i < methods; i++)
            reserve.Enter();
    }

    private static int MaxThreads()
    {
        ThreadPool.GetMaxThreads(out var workers, out _);
        return workers;
    }

    [TestCase(0, 8)]
    [TestCase(4, 8)]
    [TestCase(5, 13)]
    [TestCase(9, 13)]
    [TestCase(10, 18)]
    public void There_are_at_least_four_threads_more_than_methods(int methods, int threads)
    {
        var reserve = new ThreadReserve();

        for (var i = 0; i < methods; i++)
            reserve.Enter();

        Assert.That(MinThreads(), Is.EqualTo(Environment.ProcessorCount + threads));
    }

    [Test]
    public void Methods_that_have_returned_need_no_threads()
    {
        var reserve = new ThreadReserve();

        for (var i = 0; i < 100; i++)
        {
            reserve.Enter();
            reserve.Leave();
        }

        Assert.That(MinThreads(), Is.EqualTo(Environment.ProcessorCount + 8));
    }

    [Test]
    public async Task Calls_that_have_ended_need_no_threads()
    {
        await using var host = await RunningHost.StartAsync(new Scripted());
        var before = MinThreads();

        for (var i = 0; i < 100; i++)
            await host.Calls.RemoveAsync(new() { Key = "k" });

        Assert.That(MinThreads(), Is.EqualTo(before));
    }

    [Test]
    public async Task Calls_that_run_have_four_threads_more()
    {
        const int Calls = 20;
        using var begun = new CountdownEvent(Calls);
        var release = new TaskCompletionSource();
        await using var host = await RunningHost.StartAsync(new Scripted
        {
            OnPrepare = async _ =>
            {
                begun.Signal();
                await release.Task;
                return SnapshotResult.Of<IReadOnlyList<Mount>>([]);
            },
        });

        var calls = Enumerable.Range(0, Calls).Select(index => host.Calls.PrepareAsync(new() { Key = $"{index}" }).ResponseAsync).ToList();
        Assert.That(begun.Wait(TimeSpan.FromSeconds(30)), Is.True, "all calls run");

        Assert.That(MinThreads(), Is.GreaterThanOrEqualTo(Environment.ProcessorCount + Calls + 4));
        release.SetResult();
        await Task.WhenAll(calls);
    }

    [Test]
    public void A_program_that_wants_more_threads_keeps_them()
    {
        ThreadPool.SetMinThreads(Environment.ProcessorCount + 50, _completions);

        _ = new ThreadReserve();

        Assert.That(MinThreads(), Is.EqualTo(Environment.ProcessorCount + 50));
    }

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Now;
    }

    private static int MinThreads()
    {
        ThreadPool.GetMinThreads(out var workers, out _);
        return workers;
    }
}
