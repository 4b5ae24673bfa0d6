using System.Runtime.CompilerServices;
using System.Text;

namespace Containerd.Snapshots.Tests.Generator.Compiling;

/// <summary>
/// Test cases in a plain file. <c>=== Title</c> begins a case and <c>--- name</c> a part of it; the lines up to the next
/// heading are its text. Lines before the first case are a comment.
/// </summary>
internal static class CaseFile
{
    private const string CaseHeading = "=== ", PartHeading = "--- ";

    /// <summary>The cases of all files in a folder beside the test, each named by its file and its title.</summary>
    public static IEnumerable<TestCaseData> In(string folder, [CallerFilePath] string testFile = "") =>
        from path in Directory.EnumerateFiles(Path.Combine(Path.GetDirectoryName(testFile)!, folder), "*.txt").Order(StringComparer.Ordinal)
        from each in Parse(File.ReadAllText(path))
        select new TestCaseData(each) { TestName = $"{Path.GetFileNameWithoutExtension(path)}: {each.Title}" };

    /// <summary>The cases in a text.</summary>
    /// <exception cref="FormatException">A part has no case, or a case has two parts of one name.</exception>
    public static IEnumerable<Case> Parse(string text)
    {
        var cases = new List<Case>();
        StringBuilder? part = null;
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith(CaseHeading, StringComparison.Ordinal))
            {
                cases.Add(new(line[CaseHeading.Length..].Trim()));
                part = null;
            }
            else if (line.StartsWith(PartHeading, StringComparison.Ordinal))
            {
                part = cases.LastOrDefault()?.Add(line[PartHeading.Length..].Trim()) ?? throw new FormatException($"no case before: {line}");
            }
            else
            {
                part?.Append(line).Append('\n');
            }
        }

        return cases;
    }
}

/// <summary>A case of a <see cref="CaseFile"/>.</summary>
/// <param name="Title">What the case shows.</param>
internal sealed record Case(string Title)
{
    private readonly List<(string Name, StringBuilder Text)> _parts = [];

    /// <summary>The text of a part, without the empty lines around it.</summary>
    /// <exception cref="KeyNotFoundException">The case has no such part.</exception>
    public string this[string name] => Find(name) ?? throw new KeyNotFoundException($"\"{Title}\" has no part \"{name}\"");

    /// <summary>The text of a part, or null.</summary>
    public string? Find(string name) => _parts.Where(each => each.Name == name).Select(each => each.Text.ToString().Trim('\n')).SingleOrDefault();

    /// <summary>The names of the parts, in order.</summary>
    public IEnumerable<string> Parts => _parts.Select(each => each.Name);

    /// <inheritdoc/>
    public override string ToString() => Title;

    internal StringBuilder Add(string part)
    {
        if (_parts.Any(each => each.Name == part))
            throw new FormatException($"\"{Title}\" has two parts \"{part}\"");

        _parts.Add((part, new()));
        return _parts[^1].Text;
    }
}
