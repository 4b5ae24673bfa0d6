namespace Containerd.Snapshots.Runtime.Wire;

/// <summary>A time, on the wire: <c>google.protobuf.Timestamp</c>.</summary>
internal struct TimeMessage
{
    private const int SecondsField = 1, NanosecondsField = 2;

    // The seconds of 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z.
    private const long MinSeconds = -62_135_596_800, MaxSeconds = 253_402_300_799;
    private const int NanosecondsPerSecond = 1_000_000_000;

    private long _seconds;
    private int _nanoseconds;

    private TimeMessage(DateTimeOffset time)
    {
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        _seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out var rest);
        if (rest < 0)
        {
            _seconds--;
            rest += TimeSpan.TicksPerSecond;
        }

        _nanoseconds = (int)(rest * TimeSpan.NanosecondsPerTick);
    }

    /// <summary>Whether it is between the years 1 and 9999, which .NET's types can hold.</summary>
    public readonly bool IsInRange => _seconds is >= MinSeconds and <= MaxSeconds && _nanoseconds is >= 0 and < NanosecondsPerSecond;

    public void Merge(WireReader message)
    {
        while (message.MoveNext())
        {
            if (message.IsNumber(SecondsField))
                _seconds = message.ReadNumber();
            else if (message.IsNumber(NanosecondsField))
                _nanoseconds = (int)message.ReadNumber();
            else
                message.Skip();
        }
    }

    /// <summary>The time, if it is in range; .NET's types count in 100 nanoseconds.</summary>
    public readonly DateTimeOffset ToDateTimeOffset() =>
        DateTimeOffset.FromUnixTimeSeconds(_seconds).AddTicks(_nanoseconds / TimeSpan.NanosecondsPerTick);

    public static void Write(int field, DateTimeOffset time, WireWriter output)
    {
        var message = new TimeMessage(time);
        var start = output.Begin(field);
        output.Number(SecondsField, message._seconds);
        output.Number(NanosecondsField, message._nanoseconds);
        output.End(start);
    }
}
