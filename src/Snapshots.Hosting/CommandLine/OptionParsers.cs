using System.CommandLine.Parsing;
using System.Globalization;

namespace Containerd.Snapshots.Hosting.CommandLine;

/// <summary>Reads the options' values; what is wrong with one becomes an error of the command line.</summary>
internal static class OptionParsers
{
    private const int MaxMode = 0x1FF; // 0777

    public static T Name<T>(ArgumentResult argument, string what)
        where T : struct, Enum
    {
        var text = argument.Tokens.Single().Value;
        if (Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0]))
            return value;

        argument.AddError($"\"{text}\" is not a {what}: choose one of {Names<T>()}");
        return default;
    }

    public static string Names<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>());

    public static UnixFileMode? Mode(ArgumentResult argument)
    {
        var text = argument.Tokens.Single().Value;
        if (text.Length is > 0 and <= 4 && text.All(static digit => digit is >= '0' and <= '7') && Convert.ToInt32(text, 8) is var mode and <= MaxMode)
            return (UnixFileMode)mode;

        argument.AddError($"\"{text}\" is not a mode: give octal digits, as in 0660");
        return null;
    }

    public static int? Count(ArgumentResult argument, int least, int most = SnapshotterLimits.Most)
    {
        var text = argument.Tokens.Single().Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= least && count <= most)
            return count;

        argument.AddError($"\"{text}\" is not a number between {least} and {most} for {argument.Argument.Name}");
        return null;
    }

    public static TimeSpan? Time(ArgumentResult argument)
    {
        var text = argument.Tokens.Single().Value;
        if (TryReadTime(text, out var time))
            return time;

        argument.AddError(NotATime(text));
        return null;
    }

    /// <summary>Reads <c>CALL=TIME</c>, as often as it is given.</summary>
    public static IReadOnlyList<CallTimeout> CallTimes(ArgumentResult argument)
    {
        var known = new CallTimeouts();
        var times = new List<CallTimeout>();
        foreach (var token in argument.Tokens)
        {
            var parts = token.Value.Split('=', 2);
            if (parts.Length < 2)
                argument.AddError($"\"{token.Value}\" is no call with its time: write it as Prepare=30m");
            else if (!known.Calls.Contains(parts[0], StringComparer.OrdinalIgnoreCase))
                argument.AddError($"\"{parts[0]}\" is not a call: choose one of {string.Join(", ", known.Calls)}");
            else if (!TryReadTime(parts[1], out var time) || time == TimeSpan.Zero)
                argument.AddError(NotATime(parts[1]));
            else
                times.Add(new(parts[0], time));
        }

        return times;
    }

    private static bool TryReadTime(string text, out TimeSpan time)
    {
        time = default;
        var digits = text.AsSpan().TrimEnd("hms");
        if (!uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return false;

        TimeSpan? unit = text[digits.Length..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(1),
            "s" => TimeSpan.FromSeconds(1),
            "m" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            _ => null,
        };
        time = (unit * number) ?? TimeSpan.MaxValue;
        return time <= CallTimeouts.MaxTimeout;
    }

    private static string NotATime(string text) =>
        $"\"{text}\" is not a time: give a number and ms, s, m or h, as in 30s; at most {CallTimeouts.MaxTimeout.TotalDays} days";
}

/// <summary>A time that the command line gives for a call.</summary>
internal readonly record struct CallTimeout(string Call, TimeSpan Time);
