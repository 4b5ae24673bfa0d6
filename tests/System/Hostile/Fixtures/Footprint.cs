using System.Globalization;

namespace Containerd.Snapshots.Tests.Hostile.Fixtures;

/// <summary>The resources that a process uses.</summary>
/// <param name="Descriptors">Open files and sockets.</param>
/// <param name="Memory">Resident memory without mapped files, in kB.</param>
internal readonly record struct Footprint(int Descriptors, int Threads, long Memory)
{
    public static Footprint Of(int process)
    {
        var status = Status(process);
        return new(Directory.GetFileSystemEntries($"/proc/{process}/fd").Length, (int)Number(status["Threads"]), Number(status["RssAnon"]));
    }

    /// <summary>The peak of a process's resident memory, in kB.</summary>
    public static long PeakMemory(int process) => Number(Status(process)["VmHWM"]);

    public override string ToString() => $"{Descriptors} descriptors, {Threads} threads, {Memory} kB";

    private static Dictionary<string, string> Status(int process) =>
        File.ReadLines($"/proc/{process}/status").Select(line => line.Split(':', 2)).ToDictionary(line => line[0], line => line[1]);

    private static long Number(string text) => long.Parse(text.Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
}
