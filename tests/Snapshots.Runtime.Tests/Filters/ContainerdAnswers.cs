using System.Text.Json;

namespace Containerd.Snapshots.Tests.Filters;

/// <summary>Filters with containerd's own answers: which are malformed, and which snapshots the others match.</summary>
internal static class ContainerdAnswers
{
    private static readonly Lazy<string[]> Lines = new(() =>
        File.ReadAllLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "Data", "filters.jsonl")));

    private static readonly Lazy<SnapshotInfo[]> LazyInfos = new(() => ReadInfos(Lines.Value[0]));

    public static IReadOnlyList<SnapshotInfo> Infos => LazyInfos.Value;

    public static IEnumerable<TestCaseData> Cases() => Lines.Value.Skip(1).Select(ReadCase);

    private static TestCaseData ReadCase(string line, int index)
    {
        using var document = JsonDocument.Parse(line);
        var answer = document.RootElement;
        string[] filters = [.. answer.GetProperty("filters").EnumerateArray().Select(filter => filter.GetString()!)];
        int[] matches = answer.GetProperty("matches") is { ValueKind: JsonValueKind.Array } array
            ? [.. array.EnumerateArray().Select(match => match.GetInt32())]
            : [];

        // The line's number is the name: some filters hold characters that no test runner prints.
        return new TestCaseData(filters, answer.GetProperty("error").GetBoolean(), matches)
            .SetArgDisplayNames($"line {index + 2}");
    }

    private static SnapshotInfo[] ReadInfos(string line)
    {
        using var document = JsonDocument.Parse(line);
        return [.. document.RootElement.GetProperty("infos").EnumerateArray().Select(ReadInfo)];
    }

    private static SnapshotInfo ReadInfo(JsonElement info) => new()
    {
        Name = info.GetProperty("name").GetString()!,
        Parent = info.GetProperty("parent").GetString()!,
        Kind = Enum.Parse<SnapshotKind>(info.GetProperty("kind").GetString()!, ignoreCase: true),
        Labels = info.GetProperty("labels").EnumerateObject()
            .ToDictionary(label => label.Name, label => label.Value.GetString()!),
    };
}
