using Google.Protobuf;

namespace Containerd.Snapshots.Runtime.Wire;

/// <summary>A time, on the wire: <c>google.protobuf.Timestamp</c>.</summary>
internal sealed class TimeMessage : WireMessage
{
    private const int SecondsField = 1, NanosecondsField = 2;
    private const uint SecondsTag = (SecondsField << 3) | Varint, NanosecondsTag = (NanosecondsField << 3) | Varint;

    // The seconds of 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z.
    private const long MinSeconds = -62_135_596_800, MaxSeconds = 253_402_300_799;
    private const int NanosecondsPerSecond = 1_000_000_000;

    private long _seconds;
    private int _nanoseconds;

    /// <summary>Whether it is between the years 1 and 9999, which .NET's types can hold.</summary>
    public bool IsInRange => _seconds is >= MinSeconds and <= MaxSeconds && _nanoseconds is >= 0 and < NanosecondsPerSecond;

    /// <summary>The time, if it is in range; .NET's types count in 100 nanoseconds.</summary>
    public DateTimeOffset ToDateTimeOffset() =>
        DateTimeOffset.FromUnixTimeSeconds(_seconds).AddTicks(_nanoseconds / TimeSpan.NanosecondsPerTick);

    public static void Write(int field, DateTimeOffset time, WireWriter output)
    {
        var seconds = Math.DivRem(time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks, TimeSpan.TicksPerSecond, out var ticks);
        if (ticks < 0)
            (seconds, ticks) = (seconds - 1, ticks + TimeSpan.TicksPerSecond);

        var start = output.Begin(field);
        output.Number(SecondsField, seconds);
        output.Number(NanosecondsField, ticks * TimeSpan.NanosecondsPerTick);
        output.End(start);
    }

    public override void ReadField(uint tag, ref ParseContext input)
    {
        if (tag == SecondsTag)
            _seconds = input.ReadInt64();
        else if (tag == NanosecondsTag)
            _nanoseconds = input.ReadInt32();
        else
            Skip(tag, ref input);
    }
}
