using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Storage.Fixtures;

/// <summary>What this process asks of the kernel for one file: seen, or made to fail, by strace.</summary>
internal static class SyncTrace
{
    /// <summary>Counts the syncs of a file during an action.</summary>
    public static async Task<int> CountAsync(string file, Func<Task> action)
    {
        var output = $"{file}.trace";
        await WhileAsync(file, ["-e", "trace=fsync,fdatasync", "-o", output], action);

        // A call during which another thread makes one has a second line, "resumed".
        return File.ReadLines(output).Count(line => line.Contains("sync(", StringComparison.Ordinal));
    }

    /// <summary>Makes system calls on a file fail during an action.</summary>
    /// <param name="file">The file.</param>
    /// <param name="calls">The calls, separated by commas.</param>
    /// <param name="failure">Such as <c>error=EIO</c>.</param>
    /// <param name="action">The action.</param>
    public static Task FailAsync(string file, string calls, string failure, Func<Task> action) =>
        WhileAsync(file, ["-e", $"trace={calls}", "-e", $"inject={calls}:{failure}", "-o", "/dev/null"], action);

    private static async Task WhileAsync(string file, IReadOnlyList<string> options, Func<Task> action)
    {
        Tools.Require("strace");
        using var strace = Command.Start(["strace", "-f", "-P", file, .. options, "-p", $"{Environment.ProcessId}"]);
        try
        {
            // One line for each thread.
            var line = await Eventually.Within(strace.StandardError.ReadLineAsync());
            Assert.That(line, Does.Contain("attached"));
            await action();
        }
        finally
        {
            if (!strace.HasExited)
                (await Command.RunAsync(["bash", "-c", $"kill -INT {strace.Id}"])).AssertSucceeded();
            await Eventually.Within(strace.WaitForExitAsync());
        }
    }
}
