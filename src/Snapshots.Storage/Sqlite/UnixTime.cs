namespace Containerd.Snapshots.Storage.Sqlite;

/// <summary>Times in the database: nanoseconds since 1970 in UTC, in steps of 100.</summary>
internal static class UnixTime
{
    public static long ToNanoseconds(DateTimeOffset time) =>
        (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick;

    public static DateTimeOffset FromNanoseconds(long nanoseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
}
