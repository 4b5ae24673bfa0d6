using System.Text.RegularExpressions;
using Containerd.Snapshots.Tests.Generator.Compiling;
using Microsoft.CodeAnalysis.CSharp;

namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>A page of docs/diagnostics: its statements about its rule, and its examples.</summary>
internal sealed partial class RulePage(string rule)
{
    public const string Folder = "diagnostics/", Table = Folder + "README.md";

    private readonly string _text = Resource.Read($"{Folder}{rule}.md");

    public string Title => _text.Split('\n')[0];

    public string Severity => SeverityLine().Match(_text).Groups[1].Value;

    public IEnumerable<string> Sections => SectionLine().Matches(_text).Select(each => each.Groups[1].Value);

    /// <summary>How to fix it, in one line.</summary>
    public string Remedy => Regex.Match(_text, "^## How to fix\n\n(.*?)\n\n## ", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value.Replace('\n', ' ');

    public Project BadExample => Example("Bad example");

    public Project GoodExample => Example("Good example");

    private Project Example(string section)
    {
        var source = Regex.Match(_text, $"^## {section}\n\n```csharp\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value;
        return new(source) { Language = LanguageOf(source) };
    }

    /// <summary>An example that depends on the language version has the project's setting in a comment.</summary>
    private static LanguageVersion LanguageOf(string source) =>
        LanguageVersionFacts.TryParse(LanguageProperty().Match(source).Groups[1].Value, out var version) ? version : LanguageVersion.Latest;

    [GeneratedRegex("^Severity: (.+)$", RegexOptions.Multiline)]
    private static partial Regex SeverityLine();

    [GeneratedRegex("^## (.+)$", RegexOptions.Multiline)]
    private static partial Regex SectionLine();

    [GeneratedRegex("<LangVersion>(.+)</LangVersion>")]
    private static partial Regex LanguageProperty();
}
