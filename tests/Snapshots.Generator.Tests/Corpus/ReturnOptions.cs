using System.Text.RegularExpressions;

namespace Containerd.Snapshots.Tests.Generator.Corpus;

/// <summary>The types that a message lists, such as "SnapshotInfo (also in Task or ValueTask, and as SnapshotResult)".</summary>
internal static partial class ReturnOptions
{
    public static IEnumerable<string> Of(string text, bool isAsync)
    {
        var all = Part().Matches(text).SelectMany(part => Wrapped(Types(part.Groups[1].Value), part.Groups[2].Value));
        return isAsync ? all.Where(type => Awaitable().IsMatch(type)) : all;
    }

    private static List<string> Types(string list) =>
        [.. Separator().Split(list).Select(each => Filler().Replace(each, "")).Where(each => each.Length > 0).Select(each => each == "nothing" ? "void" : each)];

    /// <summary>Of a list that begins with "nothing", only the last can be in a task: the others are tasks themselves.</summary>
    private static IEnumerable<string> Wrapped(List<string> types, string wrappers) => types.Concat(
        from wrapper in Word().Matches(wrappers).Select(each => each.Value)
        from type in types[0] == "void" ? types[^1..] : types
        select $"{wrapper}<{type}>");

    [GeneratedRegex(@"([^()]+)(?:\((?:also )?([^)]+)\))?")]
    private static partial Regex Part();

    [GeneratedRegex(@",? or |, (?![^<]*>)")]
    private static partial Regex Separator();

    [GeneratedRegex("^ *(another|one|or|them as)? *| +$")]
    private static partial Regex Filler();

    [GeneratedRegex(@"[A-Z][\w.]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"^([\w.]+\.)?(Value)?Task\b")]
    private static partial Regex Awaitable();
}
