namespace Containerd.Snapshots.Runtime.Filters;

/// <summary>What is wrong with a filter.</summary>
/// <param name="Position">Where, as an index into the filter.</param>
/// <param name="Reason">What.</param>
internal readonly record struct FilterError(int Position, string Reason);

/// <summary>The texts of filter errors. They show the filter, but only so much of it as a log line can bear.</summary>
internal static class FilterErrorText
{
    private const int Around = 40;

    public static string For(int index, string filter, FilterError error) =>
        $"filter {index + 1} ({Excerpt(filter, error.Position)}), column {error.Position + 1}: {error.Reason}";

    /// <summary>A part of a filter in quotes, cut short where it is long.</summary>
    public static string Quote(ReadOnlySpan<char> text) =>
        text.Length <= Around ? $"\"{Printable(text)}\"" : $"\"{Printable(text[..Around])}...\"";

    private static string Excerpt(string filter, int position)
    {
        var start = Math.Max(0, position - Around);
        var end = Math.Min(filter.Length, position + Around);
        return $"\"{(start > 0 ? "..." : "")}{Printable(filter.AsSpan(start..end))}{(end < filter.Length ? "..." : "")}\"";
    }

    // The peer wrote the filter: no line breaks of its making in our log, no halves of a character in our UTF-8.
    private static string Printable(ReadOnlySpan<char> text) => string.Create(text.Length, text, static (printable, text) =>
    {
        for (var i = 0; i < text.Length; i++)
            printable[i] = char.IsControl(text[i]) || char.IsSurrogate(text[i]) ? '?' : text[i];
    });
}
