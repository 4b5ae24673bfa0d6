using System.Text.RegularExpressions;

namespace Containerd.Snapshots.Tests.Package.Templates;

/// <summary>The README of a created folder, and its commands.</summary>
internal sealed partial class Readme(string folder)
{
    private readonly string _text = File.ReadAllText(Path.Combine(folder, "README.md"));

    /// <summary>The sections with commands.</summary>
    public IEnumerable<string> Sections => Blocks().Select(block => block.Section).Distinct();

    /// <summary>All commands of a section, as one command that ends at the first failure.</summary>
    public IReadOnlyList<string> Script(string section) =>
    [
        "bash", "-e", "-x", "-o", "pipefail", "-c",
        $"cd '{folder}'\n{string.Concat(Blocks().Where(block => block.Section == section).Select(block => block.Text))}",
    ];

    private IEnumerable<(string Section, string Text)> Blocks()
    {
        var section = "";
        foreach (Match match in HeadingOrBlock().Matches(_text))
        {
            if (match.Groups["heading"].Success)
                section = match.Groups["heading"].Value;
            else
                yield return (section, match.Groups["block"].Value);
        }
    }

    [GeneratedRegex("^## (?<heading>[^\n]+)$|^```sh\n(?<block>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex HeadingOrBlock();
}
