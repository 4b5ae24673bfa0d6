using System.Diagnostics;
using Containerd.Snapshots.Runtime.Limits;

namespace Containerd.Snapshots.Tests.Limits;

/// <summary>The server's limit counts from the last progress of a call, the caller's time from its start.</summary>
internal sealed class CallTimeTests
{
    private static readonly long Second = Stopwatch.Frequency;

    [TestCase(null, 30)]
    [TestCase(29, 29)]
    [TestCase(30, 30)]
    [TestCase(31, 30)]
    public void The_shorter_time_counts(int? asked, int shortest) =>
        Assert.That(Time(30, asked).Shortest, Is.EqualTo(TimeSpan.FromSeconds(shortest)));

    [TestCase(null, 135)]
    [TestCase(10, 110)]
    [TestCase(35, 135)]
    [TestCase(40, 135)]
    public void A_call_ends_when_the_first_of_its_times_is_up(int? asked, int deadline) =>
        Assert.That(Time(30, asked).DeadlineOf(100 * Second, 105 * Second), Is.EqualTo(deadline * Second));

    [TestCase(null, false)]
    [TestCase(34, true)]
    [TestCase(35, false)]
    [TestCase(36, false)]
    public void The_callers_time_ends_a_call_if_it_is_up_before_the_limit(int? asked, bool isCallers) =>
        Assert.That(Time(30, asked).IsCallers(100 * Second, 105 * Second), Is.EqualTo(isCallers));

    [TestCase(999, "999 ms")]
    [TestCase(0.25, "0.25 ms")]
    [TestCase(1000, "1 s")]
    [TestCase(1500, "1.5 s")]
    [TestCase(1_800_000, "1800 s")]
    public void A_limit_is_described_with_its_option(double milliseconds, string words) => Assert.That(
        new CallTime(TimeSpan.FromMilliseconds(milliseconds), TimeSpan.MaxValue).Describe("Stat", isStreaming: false, 0, 0),
        Is.EqualTo($"Stat took longer than {words}, its limit (option --call-timeout Stat=TIME, or CallTimeouts[\"Stat\"])"));

    [Test]
    public void A_limit_of_a_call_that_streams_is_described_as_one_without_progress() => Assert.That(
        Time(30, null).Describe("List", isStreaming: true, 0, 0),
        Is.EqualTo("List made no progress for 30 s, its limit (option --call-timeout List=TIME, or CallTimeouts[\"List\"])"));

    [TestCase(false)]
    [TestCase(true)]
    public void The_callers_time_is_described_as_its_deadline(bool isStreaming) => Assert.That(
        Time(30, 5).Describe("List", isStreaming, 0, 0),
        Is.EqualTo("the caller's deadline of 5 s passed"));

    private static CallTime Time(int limit, int? asked) =>
        new(TimeSpan.FromSeconds(limit), asked is { } seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue);
}
