using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Overlay.Fixtures;

/// <summary>Looks at the system calls of a process, or has them fail.</summary>
internal static class Strace
{
    /// <summary>Has strace look at all threads of a process while something is done.</summary>
    public static async Task WhileAsync(NativeProcess process, IReadOnlyList<string> options, Action action)
    {
        using var strace = Command.Start(["strace", "-f", .. options, "-p", $"{process.Id}"]);
        try
        {
            var line = await Eventually.Within(strace.StandardError.ReadLineAsync());
            Assert.That(line, Does.Contain("attached"));
            action();
        }
        finally
        {
            if (!strace.HasExited)
                (await Command.RunAsync(["bash", "-c", $"kill -INT {strace.Id}"])).AssertSucceeded();
            await Eventually.Within(strace.WaitForExitAsync());
        }
    }
}
