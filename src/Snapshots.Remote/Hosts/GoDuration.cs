using System.Globalization;
using System.Text.RegularExpressions;

namespace Containerd.Snapshots.Remote.Hosts;

/// <summary>A duration as Go's programs write it: <c>1h30m</c>, <c>1.5s</c>, <c>300ms</c>, <c>0</c>.</summary>
internal static partial class GoDuration
{
    private static readonly TimeSpan Max = TimeSpan.FromDays(365);

    /// <summary>Parses a duration of 0 to a year; a longer one is cut.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text is "0" or "+0")
            return true;
        if (text.Length > 64 || !Format().IsMatch(text))
            return false;

        var seconds = Part().Matches(text).Sum(part => double.Parse(part.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * Unit(part.Groups[2].Value));
        duration = seconds < Max.TotalSeconds ? TimeSpan.FromSeconds(seconds) : Max;
        return true;
    }

    private static double Unit(string unit) => unit switch
    {
        "ns" => 1e-9,
        "us" or "µs" => 1e-6,
        "ms" => 1e-3,
        "s" => 1,
        "m" => 60,
        _ => 3600,
    };

    [GeneratedRegex(@"\A\+?(?:[0-9]+(?:\.[0-9]*)?(?:ns|us|µs|ms|s|m|h))+\z")]
    private static partial Regex Format();

    [GeneratedRegex(@"([0-9]+(?:\.[0-9]*)?)(ns|us|µs|ms|s|m|h)")]
    private static partial Regex Part();
}
