using System.Collections.Concurrent;
using System.Diagnostics;
using Containerd.Snapshots.CompilerServices;
using Containerd.Snapshots.Runtime.Calls;
using Containerd.Snapshots.Runtime.Limits;
using Containerd.Snapshots.Runtime.Wire;
using Containerd.Snapshots.Tests.Fixtures;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Containerd.Snapshots.Tests.Limits;

/// <summary>The phases of a call, and what its time limit does in each.</summary>
internal sealed class RunningCallTests
{
    private const string Limit = " s, its limit (option --call-timeout Stat=TIME, or CallTimeouts[\"Stat\"])";

    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [TestCase(29, 29)]
    [TestCase(30, 30)]
    [TestCase(31, 30)]
    public void A_request_must_arrive_within_its_limit_or_30_seconds(int limit, int seconds)
    {
        var call = Limited(TimeSpan.FromSeconds(limit));

        Assert.That(call.NextCheck - call.Started, Is.EqualTo(seconds * Stopwatch.Frequency));
    }

    [TestCase(29)]
    [TestCase(31)]
    public void A_call_whose_request_has_arrived_has_its_whole_limit(int seconds)
    {
        var call = Limited(TimeSpan.FromSeconds(seconds));

        call.Begin(new StatCall());

        Assert.That(call.NextCheck - call.Started, Is.EqualTo(seconds * Stopwatch.Frequency));
    }

    [TestCase(29, "Stat took longer than 29" + Limit)]
    [TestCase(30, "Stat took longer than 30" + Limit)]
    [TestCase(31, "the request did not arrive within 30 s")]
    public void A_request_that_did_not_arrive_is_told_what_ended_it(int limit, string text) =>
        Assert.That(Limited(TimeSpan.FromSeconds(limit)).TimeoutText, Is.EqualTo(text));

    [TestCase(29)]
    [TestCase(31)]
    public void A_call_whose_request_has_arrived_is_told_its_limit(int seconds)
    {
        var call = Limited(TimeSpan.FromSeconds(seconds));

        call.Begin(new StatCall());

        Assert.That(call.TimeoutText, Is.EqualTo($"Stat took longer than {seconds}{Limit}"));
    }

    [Test]
    public void A_call_that_timed_out_does_not_begin()
    {
        var call = Limited(TimeSpan.Zero);

        Assert.That(call.TimeOut(), Is.EqualTo(TimeoutResult.TimedOut));

        Assert.Multiple(() =>
        {
            Assert.That(() => call.Begin(new StatCall()), Throws.InstanceOf<OperationCanceledException>());
            Assert.That(call.Call, Is.Null);
            Assert.That(call.ThrowIfTimedOut, Throws.InstanceOf<OperationCanceledException>());
        });
    }

    [Test]
    public void While_the_gRPC_layer_starts_a_call_the_clock_does_not_answer_it()
    {
        var call = Starting(TimeSpan.Zero);

        var (first, again) = (call.TimeOut(), call.NextCheck > call.Deadline);
        call.Wait();

        Assert.That((first, again, call.TimeOut()), Is.EqualTo((TimeoutResult.NotYet, true, TimeoutResult.TimedOut)));
    }

    [Test]
    public void A_call_that_runs_does_not_wait_for_its_request()
    {
        var call = Starting(TimeSpan.FromMinutes(1));

        call.Begin(new StatCall());
        call.Wait();

        Assert.That(call.NextCheck, Is.EqualTo(call.Deadline));
    }

    [Test]
    public void A_call_that_timed_out_writes_nothing_to_the_answer_of_the_timeout()
    {
        var unread = new UnreadResponse();
        var call = Limited(TimeSpan.Zero, http: unread.Http);
        _ = call.CancellationToken;

        call.TimeOut();

        Assert.Multiple(() =>
        {
            Assert.That(() => call.WriteAsync(new NoStream(), new InfoBatch()), Throws.InstanceOf<OperationCanceledException>());
            Assert.That(() => call.FlushAsync(), Throws.InstanceOf<OperationCanceledException>());
        });
    }

    [Test]
    public void A_call_within_its_limit_goes_on()
    {
        var call = Limited(Long);

        Assert.Multiple(() =>
        {
            Assert.That(call.TimeOut(), Is.EqualTo(TimeoutResult.NotYet));
            Assert.That(call.IsTimedOut, Is.False);
            Assert.That(call.ThrowIfTimedOut, Throws.Nothing);
            Assert.That(call.Detached.IsCompleted, Is.True);
            Assert.That(call.CancellationToken.IsCancellationRequested, Is.False);
        });
    }

    [Test]
    public void A_call_times_out_once()
    {
        var call = Limited(TimeSpan.Zero);

        call.TimeOut();

        Assert.That(call.TimeOut(), Is.EqualTo(TimeoutResult.Ended));
    }

    [Test]
    public void A_method_that_has_returned_does_not_time_out()
    {
        var call = Limited(TimeSpan.Zero);
        call.Begin(new StatCall());

        Assert.That(call.FinishAsync().IsCompleted, Is.True);

        Assert.Multiple(() =>
        {
            Assert.That(call.TimeOut(), Is.EqualTo(TimeoutResult.Ended));
            Assert.That(call.IsTimedOut, Is.False);
        });
    }

    [Test]
    public async Task Each_token_of_a_call_is_canceled_by_its_timeout()
    {
        var call = Limited(TimeSpan.Zero);
        CancellationToken[] tokens = [call.CancellationToken, call.CancellationToken];

        call.TimeOut();

        await Assert.MultipleAsync(async () =>
        {
            foreach (var token in tokens)
                await Eventually.TrueAsync(() => token.IsCancellationRequested, "the token is canceled");
        });
    }

    [Test]
    public async Task A_token_that_is_taken_after_the_timeout_is_canceled()
    {
        var call = Limited(TimeSpan.Zero);

        call.TimeOut();

        Assert.That(call.CancellationToken.IsCancellationRequested, Is.True);
        await Eventually.Within(call.Detached);
        Assert.That(call.CancellationToken.IsCancellationRequested, Is.True);
    }

    [Test]
    public void The_token_is_canceled_when_the_caller_disconnects()
    {
        using var disconnect = new CancellationTokenSource();
        var call = Limited(Long, http: new DefaultHttpContext { RequestAborted = disconnect.Token });
        var token = call.CancellationToken;
        Assert.That(call.IsCanceled, Is.False);

        disconnect.Cancel();

        Assert.That(token.IsCancellationRequested, Is.True);
        Assert.That(call.IsCanceled, Is.True);
    }

    [Test]
    public async Task A_callback_of_the_token_that_throws_disturbs_nobody()
    {
        var disturbed = new ConcurrentQueue<Exception>();
        TaskScheduler.UnobservedTaskException += Record;
        try
        {
            await TimeOutAsync();
            for (var i = 0; i < 10; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                await Task.Yield();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Record;
        }

        Assert.That(disturbed, Is.Empty);

        static async Task TimeOutAsync()
        {
            var call = Limited(TimeSpan.Zero);
            var isCalled = new TaskCompletionSource();
            call.CancellationToken.Register(() =>
            {
                isCalled.SetResult();
                throw new NotFiniteNumberException();
            });
            call.TimeOut();
            await Eventually.Within(isCalled.Task);
        }

        void Record(object? sender, UnobservedTaskExceptionEventArgs unobserved)
        {
            if (unobserved.Exception.Flatten().InnerExceptions.Any(each => each is NotFiniteNumberException))
                disturbed.Enqueue(unobserved.Exception);
        }
    }

    [Test]
    public void The_server_s_limit_ends_a_call_or_the_caller_s_deadline()
    {
        var limited = Limited(TimeSpan.Zero, asked: Long);
        var asked = Limited(Long, asked: TimeSpan.Zero);
        var neither = Limited(Long);

        foreach (var call in (RunningCall[])[limited, asked, neither])
            call.TimeOut();

        Assert.Multiple(() =>
        {
            Assert.That((limited.IsTimedOut, limited.IsLimited), Is.EqualTo((true, true)));
            Assert.That((asked.IsTimedOut, asked.IsLimited), Is.EqualTo((true, false)));
            Assert.That((neither.IsTimedOut, neither.IsLimited), Is.EqualTo((false, false)));
        });
    }

    [Test]
    public void A_method_hangs_if_it_has_not_returned_after_the_timeout()
    {
        var within = Limited(Long);
        var hanging = Limited(TimeSpan.Zero);
        var returned = Limited(TimeSpan.Zero);
        hanging.TimeOut();
        returned.TimeOut();
        returned.End();

        Assert.Multiple(() =>
        {
            Assert.That((within.TryHang(), within.IsHanging), Is.EqualTo((false, false)));
            Assert.That((hanging.TryHang(), hanging.IsHanging), Is.EqualTo((true, true)));
            Assert.That((returned.TryHang(), returned.IsHanging), Is.EqualTo((false, false)));
        });
    }

    [Test]
    public void A_call_that_has_ended_has_no_token()
    {
        var call = Limited(Long);
        _ = call.CancellationToken;

        call.End();

        Assert.That(() => call.CancellationToken, Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A_call_is_measured_once()
    {
        var call = Limited(Long);

        Assert.That((call.TryMeasure(), call.TryMeasure()), Is.EqualTo((true, false)));
    }

    /// <summary>A call whose request is being read.</summary>
    private static RunningCall Limited(TimeSpan limit, TimeSpan? asked = null, HttpContext? http = null)
    {
        var call = Starting(limit, asked, http);
        call.Wait();
        return call;
    }

    private static RunningCall Starting(TimeSpan limit, TimeSpan? asked = null, HttpContext? http = null) =>
        new(http ?? new DefaultHttpContext(), new("Stat", "Snapshots/Stat", IsStreaming: false), new CallTime(limit, asked ?? TimeSpan.MaxValue));

    private sealed class NoStream : IServerStreamWriter<InfoBatch>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(InfoBatch message) => throw new AssertionException("A message was written.");

        public Task WriteAsync(InfoBatch message, CancellationToken cancellationToken) => WriteAsync(message);
    }
}
