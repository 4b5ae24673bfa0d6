using System.Globalization;
using System.Text;

namespace Containerd.Snapshots.Runtime.Filters.Re2;

/// <summary>A repetition: <c>*</c>, <c>+</c>, <c>?</c>, or a count in braces.</summary>
/// <param name="Min">The minimum.</param>
/// <param name="Max">The maximum, or -1 for no limit.</param>
internal readonly record struct Re2Repetition(int Min, int Max)
{
    private const int Unlimited = -1;
    private const int TooLarge = 1001;

    /// <summary>The number of elements if the repetition is written out.</summary>
    public int Count => Max == Unlimited ? Min : Max;

    /// <summary>Whether the numbers are in order. <see cref="Re2Group"/> refuses those that are too large.</summary>
    public bool IsValid => Max == Unlimited || Min <= Max;

    /// <summary>Reads a repetition, and ignores whether it is greedy; null if a brace does not start one.</summary>
    public static Re2Repetition? Read(Re2Reader reader)
    {
        Re2Repetition? read = reader.Peek switch
        {
            '*' => new(0, Unlimited),
            '+' => new(1, Unlimited),
            '?' => new(0, 1),
            _ => ReadCount(reader),
        };

        if (read is null)
            return null;

        reader.Skip(1);
        reader.TrySkip("?");
        return read;
    }

    public void AppendTo(StringBuilder output) =>
        output.Append(CultureInfo.InvariantCulture, $"{{{Min},{(Max == Unlimited ? "" : Max)}}}");

    // Stops at the closing brace or, on failure, at the start.
    private static Re2Repetition? ReadCount(Re2Reader reader)
    {
        var start = reader.Position;
        reader.Skip(1);
        if (ReadNumber(reader) is { } min)
        {
            int? max = min;
            if (reader.TrySkip(","))
                max = reader.Peek == '}' ? Unlimited : ReadNumber(reader);

            if (max is not null && reader.Peek == '}')
                return new(min, max.Value);
        }

        reader.Position = start;
        return null;
    }

    // RE2 refuses a number with a leading zero. A number above the maximum becomes the maximum plus 1.
    private static int? ReadNumber(Re2Reader reader)
    {
        if (reader.Peek == '0' && reader.PeekSecond is >= '0' and <= '9')
            return null;

        int? number = null;
        for (; reader.Peek is >= '0' and <= '9'; reader.Skip(1))
            number = Math.Min(((number ?? 0) * 10) + reader.Peek - '0', TooLarge);

        return number;
    }
}
