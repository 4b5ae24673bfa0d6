using System.CommandLine;

namespace Containerd.Snapshots.Hosting.Reporting;

/// <summary>A sentence for the operator on standard error.</summary>
internal static class ErrorLine
{
    public static void Write(string message) => Console.Error.WriteLine($"{Journal.ErrorPrefix}{RootCommand.ExecutableName}: {message}");
}
