namespace Containerd.Snapshots.Tests.Limits;

/// <summary>The limits that a program can set.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class SnapshotterLimitsTests
{
    private readonly SnapshotterLimits _limits = new();

    [TestCase(1)]
    [TestCase(10_000)]
    public void Connections_and_calls_at_once_are_from_1_to_10000(int value)
    {
        _limits.MaxConnections = value;
        _limits.MaxConcurrentCalls = value;

        Assert.That((_limits.MaxConnections, _limits.MaxConcurrentCalls), Is.EqualTo((value, value)));
    }

    [TestCase(0)]
    [TestCase(10_001)]
    public void Fewer_or_more_connections_and_calls_are_refused(int value)
    {
        Assert.Multiple(() =>
        {
            AssertRefused(() => _limits.MaxConnections = value, "The value must be between 1 and 10000.");
            AssertRefused(() => _limits.MaxConcurrentCalls = value, "The value must be between 1 and 10000.");
        });
    }

    [TestCase(0)]
    [TestCase(10_000)]
    public void Calls_that_wait_are_from_0_to_10000(int value)
    {
        _limits.MaxQueuedCalls = value;

        Assert.That(_limits.MaxQueuedCalls, Is.EqualTo(value));
    }

    [TestCase(-1)]
    [TestCase(10_001)]
    public void Fewer_or_more_calls_that_wait_are_refused(int value) =>
        AssertRefused(() => _limits.MaxQueuedCalls = value, "The value must be between 0 and 10000.");

    [TestCase(4096)]
    [TestCase(int.MaxValue)]
    public void A_request_has_at_least_4096_bytes(int value)
    {
        _limits.MaxRequestSize = value;

        Assert.That(_limits.MaxRequestSize, Is.EqualTo(value));
    }

    [Test]
    public void Fewer_bytes_for_a_request_are_refused() =>
        AssertRefused(() => _limits.MaxRequestSize = 4095, "The value must be between 4096 and 2147483647.");

    [TestCase(0)]
    [TestCase(49)]
    public void The_drain_time_is_from_0_to_49_days(int days)
    {
        _limits.DrainTime = TimeSpan.FromDays(days);

        Assert.That(_limits.DrainTime, Is.EqualTo(TimeSpan.FromDays(days)));
    }

    [TestCase(-1)]
    [TestCase(49 * TimeSpan.TicksPerDay + 1)]
    public void A_shorter_or_longer_drain_time_is_refused(long ticks) =>
        AssertRefused(() => _limits.DrainTime = new(ticks), "The value must be between 0 and 49 days.");

    [Test]
    public void Calls_that_wait_count_among_all_calls()
    {
        _limits.MaxConcurrentCalls = 3;
        _limits.MaxQueuedCalls = 2;

        Assert.That(_limits.MaxCalls, Is.EqualTo(5));
    }

    [TestCase("Stat", 30)]
    [TestCase("Update", 30)]
    [TestCase("Usage", 30)]
    [TestCase("Mounts", 30)]
    [TestCase("List", 30)]
    [TestCase("Remove", 300)]
    [TestCase("Cleanup", 300)]
    [TestCase("Prepare", 1800)]
    [TestCase("View", 1800)]
    [TestCase("Commit", 1800)]
    [TestCase("commit", 1800)]
    public void A_call_has_a_time(string call, int seconds) =>
        Assert.That(_limits.CallTimeouts[call], Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [TestCase(1)]
    [TestCase(49 * TimeSpan.TicksPerDay)]
    public void A_call_may_have_any_time_up_to_49_days(long ticks)
    {
        _limits.CallTimeouts["stat"] = new(ticks);

        Assert.That(_limits.CallTimeouts["Stat"].Ticks, Is.EqualTo(ticks));
    }

    [TestCase(-1)]
    [TestCase(0)]
    [TestCase(49 * TimeSpan.TicksPerDay + 1)]
    public void A_call_without_time_or_with_more_is_refused(long ticks)
    {
        Assert.That(() => _limits.CallTimeouts["Stat"] = new(ticks), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(_limits.CallTimeouts["Stat"], Is.EqualTo(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public void A_call_that_containerd_has_not_is_refused()
    {
        const string Message = "containerd has no call \"Walk\":";

        Assert.Multiple(() =>
        {
            Assert.That(() => _limits.CallTimeouts["Walk"], Throws.ArgumentException.With.Message.StartsWith(Message));
            Assert.That(() => _limits.CallTimeouts["Walk"] = TimeSpan.FromSeconds(1), Throws.ArgumentException.With.Message.StartsWith(Message));
            Assert.That(_limits.CallTimeouts.Calls, Has.Count.EqualTo(10));
        });
    }

    private static void AssertRefused(Action set, string message) =>
        Assert.That(() => set(), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith(message));
}
