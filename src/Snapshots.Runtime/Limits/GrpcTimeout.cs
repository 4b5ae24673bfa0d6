using System.Globalization;

namespace Containerd.Snapshots.Runtime.Limits;

/// <summary>The header <c>grpc-timeout</c>: up to eight digits, and a unit.</summary>
internal static class GrpcTimeout
{
    private const int MaxDigits = 8;

    /// <summary>Reads the header's text.</summary>
    /// <returns>False if it is not as gRPC's specification has it.</returns>
    public static bool TryRead(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is 0 or > MaxDigits + 1 || UnitOf(text[^1]) is not { } unit)
            return false;

        if (!uint.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return false;

        timeout = unit * number;
        return true;
    }

    private static TimeSpan? UnitOf(char unit) => unit switch
    {
        'H' => TimeSpan.FromHours(1),
        'M' => TimeSpan.FromMinutes(1),
        'S' => TimeSpan.FromSeconds(1),
        'm' => TimeSpan.FromMilliseconds(1),
        'u' => TimeSpan.FromMicroseconds(1),
        'n' => TimeSpan.FromTicks(1), // The shortest that .NET knows, which is 100 of them.
        _ => null,
    };
}
