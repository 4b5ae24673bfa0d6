using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Shared;

namespace Containerd.Snapshots.Hosting.Run;

/// <summary>Ends the process with one line if .NET needs another thread and cannot start it, which nothing can prevent then.</summary>
internal static class OutOfThreads
{
    private const int Failed = 1;

    public static void Report(object sender, UnhandledExceptionEventArgs unhandled)
    {
        if (unhandled.ExceptionObject is not OutOfMemoryException exception || !IsOfThread(exception))
            return;

        ErrorLine.Write("no more threads can be started, so the program ends: raise the limit (TasksMax= in the systemd unit, pids.max of the cgroup, ulimit -u), or lower --max-calls and --max-connections");
        Linux.Exit(Failed);
    }

    private static bool IsOfThread(OutOfMemoryException exception) =>
        exception.StackTrace?.Contains("System.Threading.Thread.Start", StringComparison.Ordinal) == true;
}
