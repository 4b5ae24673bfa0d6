using Containerd.Snapshots.Runtime.Limits;

namespace Containerd.Snapshots.Tests.Limits;

/// <summary>The times that the header grpc-timeout can ask for.</summary>
internal sealed class GrpcTimeoutTests
{
    [TestCase("2H", 2 * TimeSpan.TicksPerHour)]
    [TestCase("2M", 2 * TimeSpan.TicksPerMinute)]
    [TestCase("2S", 2 * TimeSpan.TicksPerSecond)]
    [TestCase("2m", 2 * TimeSpan.TicksPerMillisecond)]
    [TestCase("2u", 2 * TimeSpan.TicksPerMicrosecond)]
    [TestCase("2n", 2)]
    [TestCase("99999999S", 99_999_999 * TimeSpan.TicksPerSecond)]
    public void A_time_has_digits_and_a_unit(string text, long ticks)
    {
        Assert.That(GrpcTimeout.TryRead(text, out var timeout), Is.True);
        Assert.That(timeout.Ticks, Is.EqualTo(ticks));
    }

    [TestCase("")]
    [TestCase("S")]
    [TestCase("1s")]
    [TestCase("1h")]
    [TestCase("000000001S")]
    [TestCase("1 S")]
    public void Any_other_text_is_refused(string text)
    {
        Assert.That(GrpcTimeout.TryRead(text, out var timeout), Is.False);
        Assert.That(timeout, Is.EqualTo(TimeSpan.Zero));
    }
}
