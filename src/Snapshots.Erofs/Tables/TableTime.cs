using System.Buffers.Text;
using Containerd.Snapshots.Erofs.Tar;

namespace Containerd.Snapshots.Erofs.Tables;

/// <summary>Times as tables have them: RFC 3339, such as <c>2026-11-29T08:15:30.123456789+01:00</c>.</summary>
internal static class TableTime
{
    private const int DateLength = 19, OffsetLength = 6, MaxDigits = 9;

    /// <summary>Reads a time.</summary>
    /// <param name="text">The text; empty: 1970.</param>
    /// <param name="time">The time.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out TarTime time)
    {
        time = default;
        if (text.IsEmpty)
            return true;
        if (text.Length <= DateLength || text[10] != 'T' || !TryParseDate(text, out var date))
            return false;

        var rest = text[DateLength..];
        if (!TryTakeFraction(ref rest, out var nanoseconds) || !TryParseOffset(rest, out var offset))
            return false;

        time = new(new DateTimeOffset(date, TimeSpan.Zero).ToUnixTimeSeconds() - offset, nanoseconds);
        return true;
    }

    /// <summary>Rounds a time as the tools of eStargz do when they write a table.</summary>
    public static TarTime Round(TarTime time) =>
        time.Seconds == 0 ? default : new(time.Nanoseconds >= 500_000_000 ? time.Seconds + 1 : time.Seconds, 0);

    private static bool TryParseDate(ReadOnlySpan<byte> text, out DateTime date)
    {
        date = default;
        if (text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':')
            return false;

        Span<int> parts = [Number(text[..4]), Number(text[5..7]), Number(text[8..10]), Number(text[11..13]), Number(text[14..16]), Number(text[17..19])];
        if (parts[0] < 1 || parts[1] is < 1 or > 12 || parts[2] < 1 || parts[2] > DateTime.DaysInMonth(parts[0], parts[1]) || parts[3] is < 0 or > 23 || parts[4] is < 0 or > 59 || parts[5] is < 0 or > 59)
            return false;

        date = new(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], DateTimeKind.Utc);
        return true;
    }

    private static bool TryTakeFraction(ref ReadOnlySpan<byte> rest, out uint nanoseconds)
    {
        nanoseconds = 0;
        if (rest is not [(byte)'.', ..])
            return true;

        var digits = rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits is < 1 or > MaxDigits)
            return false;

        for (var i = 0; i < MaxDigits; i++)
            nanoseconds = (nanoseconds * 10) + (i < digits ? (uint)(rest[1 + i] - '0') : 0);

        rest = rest[(1 + digits)..];
        return true;
    }

    private static bool TryParseOffset(ReadOnlySpan<byte> text, out int seconds)
    {
        seconds = 0;
        if (text is [(byte)'Z'])
            return true;
        if (text.Length != OffsetLength || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':')
            return false;

        var (hours, minutes) = (Number(text[1..3]), Number(text[4..6]));
        seconds = ((hours * 60) + minutes) * (text[0] == '-' ? -60 : 60);
        return hours is >= 0 and < 24 && minutes is >= 0 and < 60;
    }

    // Negative for what is no number.
    private static int Number(ReadOnlySpan<byte> digits) =>
        !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') && Utf8Parser.TryParse(digits, out int number, out _) ? number : -1;
}
