using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Overlay.Fixtures;

/// <summary>Traces the system calls of a process, or makes them fail.</summary>
internal static class Strace
{
    /// <summary>Attaches strace to all threads of a process during an action.</summary>
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
