using System.Runtime.CompilerServices;

namespace Containerd.Snapshots.Tests.Generator.Approval;

/// <summary>
/// Asserts that output is the approved one beside the test, <c>Class.Method.verified.cs</c>. A mismatch leaves
/// <c>Class.Method.received.cs</c> and fails with the difference: move it over the other to approve it.
/// </summary>
internal static class Approved
{
    public static void AssertMatches(
        string output, string extension = "cs", [CallerFilePath] string testFile = "", [CallerMemberName] string method = "")
    {
        var stem = Path.Combine(Path.GetDirectoryName(testFile)!, $"{Path.GetFileNameWithoutExtension(testFile)}.{method}");
        var (verified, received) = ($"{stem}.verified.{extension}", $"{stem}.received.{extension}");

        var expected = File.Exists(verified) ? File.ReadAllText(verified) : "";
        if (output == expected)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, output);
        Assert.Fail($"{Path.GetFileName(received)} is not what {Path.GetFileName(verified)} has:\n{Difference(expected.Split('\n'), output.Split('\n'))}");
    }

    /// <summary>The lines that were removed and added, by the longest common subsequence.</summary>
    private static string Difference(string[] expected, string[] output)
    {
        var lengths = new int[expected.Length + 1, output.Length + 1];
        for (var i = expected.Length - 1; i >= 0; i--)
        {
            for (var j = output.Length - 1; j >= 0; j--)
                lengths[i, j] = expected[i] == output[j] ? lengths[i + 1, j + 1] + 1 : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
        }

        var lines = new List<string>();
        for (int i = 0, j = 0; i < expected.Length || j < output.Length;)
        {
            if (i < expected.Length && j < output.Length && expected[i] == output[j])
                (i, j) = (i + 1, j + 1);
            else if (j == output.Length || (i < expected.Length && lengths[i + 1, j] >= lengths[i, j + 1]))
                lines.Add($"-{i + 1,4} {expected[i++]}");
            else
                lines.Add($"+{j + 1,4} {output[j++]}");
        }

        return string.Join('\n', lines);
    }
}
