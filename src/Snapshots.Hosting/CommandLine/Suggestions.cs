using System.CommandLine;
using System.CommandLine.Parsing;

namespace Containerd.Snapshots.Hosting.CommandLine;

/// <summary>
/// Finds the options and commands that unknown words were meant to be. Values are left alone: the parser's own suggestions
/// compare every word, a path too, with every name, such as <c>/?</c>.
/// </summary>
internal static class Suggestions
{
    private const string Dashes = "--";
    private const int MaxEdits = 2;

    /// <summary>Returns a sentence for each unknown word with a similar option or command.</summary>
    public static IEnumerable<string> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var options = command.Options.Select(static option => option.Name).ToList();
        foreach (var word in Unknown(parsed).Select(static word => word.Split('=')[0]))
        {
            if (word.StartsWith(Dashes, StringComparison.Ordinal))
            {
                if (Nearest(word, options) is { Length: > 0 } nearest)
                    yield return $"\"{word}\" is not an option: did you mean {nearest}?";
            }
            else if (Nearest(word, command.Subcommands.Select(static subcommand => subcommand.Name)) is { Length: > 0 } nearest)
            {
                yield return $"\"{word}\" is not a command: did you mean {nearest}?";
            }
        }
    }

    // A misspelled option can be taken for the socket's path.
    private static IEnumerable<string> Unknown(ParseResult parsed) => parsed.CommandResult.Children.OfType<ArgumentResult>()
        .SelectMany(static argument => argument.Tokens).Select(static token => token.Value)
        .Where(static value => value.StartsWith(Dashes, StringComparison.Ordinal))
        .Concat(parsed.UnmatchedTokens);

    // The names with the fewest edits, or that the word begins; empty if none is near.
    private static string Nearest(string word, IEnumerable<string> names) => string.Join(
        " or ",
        names.GroupBy(name => Begins(word, name) ? 1 : Edits(word, name))
            .Where(static group => group.Key <= MaxEdits)
            .MinBy(static group => group.Key) ?? Enumerable.Empty<string>());

    private static bool Begins(string word, string name) =>
        word.TrimStart('-').Length > MaxEdits && name.StartsWith(word, StringComparison.OrdinalIgnoreCase);

    // Added, removed, replaced and transposed letters.
    private static int Edits(string word, string name)
    {
        var edits = new int[word.Length + 1, name.Length + 1];
        for (var i = 0; i <= word.Length; i++)
        {
            for (var j = 0; j <= name.Length; j++)
                edits[i, j] = i == 0 || j == 0 ? i + j : Least(i, j);
        }

        return edits[word.Length, name.Length];

        int Least(int i, int j)
        {
            var isSame = char.ToLowerInvariant(word[i - 1]) == char.ToLowerInvariant(name[j - 1]);
            var least = Math.Min(edits[i - 1, j - 1] + (isSame ? 0 : 1), Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1);
            return i > 1 && j > 1 && word[i - 1] == name[j - 2] && word[i - 2] == name[j - 1] ? Math.Min(least, edits[i - 2, j - 2] + 1) : least;
        }
    }
}
