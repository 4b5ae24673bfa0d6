using System.Diagnostics;
using System.Runtime.CompilerServices;
using Containerd.Snapshots.CompilerServices;
using Containerd.Snapshots.Runtime.Calls;
using Containerd.Snapshots.Runtime.Insight;
using Containerd.Snapshots.Runtime.Limits;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Containerd.Snapshots.Tests.Limits;

/// <summary>What is known of all running calls, and what the clock does with them.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RunningCallsTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1), Short = TimeSpan.FromMilliseconds(1);

    private readonly RecordedLog _log = new();
    private readonly LoggerFactory _loggers;
    private readonly CallInsight _insight = new();
    private readonly SnapshotterLimits _limits = new();
    private RunningCalls? _calls;

    public RunningCallsTests() => _loggers = new([_log]);

    [TearDown]
    public void Dispose()
    {
        _calls?.Dispose();
        _insight.Dispose();
        _loggers.Dispose();
    }

    // Made with the limits that the test has set.
    private RunningCalls Calls => _calls ??= new(Options.Create(_limits), new(_loggers), _insight);

    [Test]
    public void There_are_too_many_calls_from_64_more_than_run_and_wait_at_once()
    {
        (_limits.MaxConcurrentCalls, _limits.MaxQueuedCalls) = (2, 3);
        var calls = Enumerable.Range(0, 2 + 3 + 64).Select(_ => Limited(Long)).ToList();

        foreach (var call in calls)
        {
            Assert.That(Calls.AreTooMany, Is.False);
            Calls.Add(call);
        }

        Assert.That(Calls.AreTooMany, Is.True);
        Calls.Remove(calls[0]);
        Assert.That(Calls.AreTooMany, Is.False);
    }

    [TestCase(2, true)]
    [TestCase(3, false)]
    public async Task The_calls_are_stuck_while_half_of_the_slots_hang(int slots, bool areStuck)
    {
        _limits.MaxConcurrentCalls = slots;
        var hanging = Limited(Short);
        Assert.That(Calls.AreStuck, Is.False);

        Calls.Add(hanging);
        await Eventually.TrueAsync(() => Calls.Hanging == 1, "the call hangs");

        Assert.That(Calls.AreStuck, Is.EqualTo(areStuck));
        Calls.Remove(hanging);
        Assert.That((Calls.Hanging, Calls.AreStuck), Is.EqualTo((0, false)));
    }

    [Test]
    public async Task A_call_that_has_ended_does_not_hang()
    {
        var call = Limited(Short);
        Calls.Add(call);
        await Eventually.TrueAsync(() => call.IsTimedOut, "the call times out");

        Calls.Remove(call);

        Assert.That(call.TryHang(), Is.False);
    }

    [Test]
    public async Task The_oldest_call_has_begun_first_whichever_calls_have_ended()
    {
        List<RunningCall> calls = [];
        for (var i = 0; i < 4; i++)
        {
            var call = Limited(Long);
            calls.Add(call);
            Calls.Add(call);
            await Eventually.TrueAsync(() => AgeOf(call) > TimeSpan.FromMilliseconds(20), "the next call is younger");
        }

        foreach (var index in (int[])[1, 0, 3])
        {
            Calls.Remove(calls[index]);
            calls[index] = null!;
            var oldest = calls.First(call => call is not null);

            var least = AgeOf(oldest);
            var age = Calls.OldestAge;
            Assert.That(age, Is.InRange(least, AgeOf(oldest)));
        }

        Calls.Remove(calls[2]);
        Assert.That((Calls.Count, Calls.Hanging, Calls.OldestAge), Is.EqualTo((0, 0, TimeSpan.Zero)));
    }

    // Each check is at least one work item of the thread pool.
    [Test]
    [NonParallelizable] // Other tests would count.
    public async Task The_clock_checks_no_call_before_its_deadline()
    {
        var call = Limited(TimeSpan.FromMilliseconds(500));
        var before = ThreadPool.CompletedWorkItemCount;

        Calls.Add(call);
        await Eventually.TrueAsync(() => call.IsTimedOut, "the call times out");

        Assert.That(ThreadPool.CompletedWorkItemCount - before, Is.LessThan(1000));
    }

    [Test]
    public async Task Waiting_calls_are_refused_when_the_server_ends()
    {
        (_limits.MaxConcurrentCalls, _limits.MaxQueuedCalls) = (1, 1);
        using var first = await Calls.EnterAsync(Limited(Long));
        var waiting = Calls.EnterAsync(Limited(Long));
        Assert.That((first.IsAcquired, waiting.IsCompleted), Is.EqualTo((true, false)));

        Calls.Dispose();

        using var second = await waiting;
        Assert.That(second.IsAcquired, Is.False);
    }

    [Test]
    public void The_clock_of_a_server_that_has_ended_holds_no_memory()
    {
        var calls = AddAndDispose();

        GC.Collect();

        Assert.That(calls.IsAlive, Is.False);

        [MethodImpl(MethodImplOptions.NoInlining)]
        WeakReference AddAndDispose()
        {
            using var ended = new RunningCalls(Options.Create(_limits), new(_loggers), _insight);
            ended.Add(Limited(Long));
            return new(ended);
        }
    }

    private static TimeSpan AgeOf(RunningCall call) => Stopwatch.GetElapsedTime(call.Started);

    /// <summary>A Stat call whose request has arrived.</summary>
    private static RunningCall Limited(TimeSpan limit, TimeSpan? asked = null)
    {
        var http = new DefaultHttpContext();
        var call = new RunningCall(http, new("Stat", "Snapshots/Stat", IsStreaming: false), new CallTime(limit, asked ?? TimeSpan.MaxValue));
        http.Features.Set(call);
        var request = new StatCall();
        request.Attach(http);
        call.Begin(request);
        return call;
    }
}
