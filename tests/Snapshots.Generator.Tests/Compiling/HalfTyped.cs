using Microsoft.CodeAnalysis.CSharp;

namespace Containerd.Snapshots.Tests.Generator.Compiling;

/// <summary>
/// Sources as an editor sees them between two keystrokes: cut off, and with words that are missing, doubled or in the
/// wrong place. They are the same in every run.
/// </summary>
internal static class HalfTyped
{
    private const int MostEdits = 3;

    public static IEnumerable<string> Of(IReadOnlyList<string> sources, int count)
    {
        var words = sources.Select(WordsOf).ToList();
        var random = new Random(1);

        return Enumerable.Range(0, count).Select(number => Edited([.. words[number % words.Count]], random));
    }

    private static List<string> WordsOf(string source) =>
        [.. CSharpSyntaxTree.ParseText(source).GetRoot().DescendantTokens().Select(token => token.ToFullString())];

    private static string Edited(List<string> words, Random random)
    {
        for (var edits = random.Next(MostEdits); edits >= 0; edits--)
            Edit(words, random.Next(words.Count), random.Next(words.Count), random.Next(5));

        return string.Concat(words);
    }

    private static void Edit(List<string> words, int at, int other, int kind)
    {
        switch (kind)
        {
            case 0:
                words.RemoveRange(at + 1, words.Count - at - 1);
                break;
            case 1:
                words.Insert(at, words[other]);
                break;
            case 2:
                (words[at], words[other]) = (words[other], words[at]);
                break;
            default:
                words[at] = "";
                break;
        }
    }
}
