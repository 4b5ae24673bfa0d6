using System.Globalization;
using System.Text.RegularExpressions;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.NativeAot.Baseline;

/// <summary>Counts a program's instructions with valgrind.</summary>
internal static partial class Instructions
{
    // .NET reserves more address space than valgrind has, unless its heap is bounded.
    private static readonly Dictionary<string, string> Environment = new() { ["DOTNET_GCHeapHardLimit"] = "4000000" };

    [GeneratedRegex(@"Collected : (\d+)")]
    private static partial Regex Collected { get; }

    /// <summary>The instructions of a program's start until it listens, and of its stop, which is short.</summary>
    public static async Task<long> OfStartAsync(string binary, DirectoryInfo folder)
    {
        // Without the symbols beside the binary, whose format valgrind does not know.
        var copy = Path.Combine(folder.FullName, Path.GetFileName(binary));
        File.Copy(binary, copy);
        var socket = Path.Combine(folder.FullName, "test.sock");
        using var process = Command.Start(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", copy, socket, "--log-level", "None"], Environment);
        var error = process.StandardError.ReadToEndAsync();

        try
        {
            await Eventually.TrueAsync(() => process.HasExited || File.Exists(socket), "the program listens");
            if (!process.HasExited)
                (await Command.RunAsync(["bash", "-c", $"kill -TERM {process.Id}"])).AssertSucceeded();
            await Eventually.Within(process.WaitForExitAsync());
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        var match = Collected.Match(await error);
        Assert.That(match.Success, await error);
        return long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }
}
