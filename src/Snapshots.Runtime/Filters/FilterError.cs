namespace Containerd.Snapshots.Runtime.Filters;

/// <summary>An error in a filter.</summary>
/// <param name="Position">The position, as an index into the filter.</param>
/// <param name="Reason">What is wrong.</param>
internal readonly record struct FilterError(int Position, string Reason);

/// <summary>The texts of filter errors. They quote the filter, shortened for a log line.</summary>
internal static class FilterErrorText
{
    private const int MaxQuoted = 40;

    public static string For(int index, string filter, FilterError error) =>
        $"filter {index + 1} ({Excerpt(filter, error.Position)}), column {error.Position + 1}: {error.Reason}";

    /// <summary>A part of a filter in quotes, shortened if it is long.</summary>
    public static string Quote(ReadOnlySpan<char> text) =>
        text.Length <= MaxQuoted ? $"\"{Printable(text)}\"" : $"\"{Printable(text[..MaxQuoted])}...\"";

    private static string Excerpt(string filter, int position)
    {
        var start = Math.Max(0, position - MaxQuoted);
        var end = Math.Min(filter.Length, position + MaxQuoted);
        return $"\"{(start > 0 ? "..." : "")}{Printable(filter.AsSpan(start..end))}{(end < filter.Length ? "..." : "")}\"";
    }

    // A peer wrote the filter. Its control characters must not reach the log, and unpaired surrogates are not valid UTF-8.
    private static string Printable(ReadOnlySpan<char> text) => string.Create(text.Length, text, static (printable, text) =>
    {
        for (var i = 0; i < text.Length; i++)
            printable[i] = char.IsControl(text[i]) || char.IsSurrogate(text[i]) ? '?' : text[i];
    });
}
