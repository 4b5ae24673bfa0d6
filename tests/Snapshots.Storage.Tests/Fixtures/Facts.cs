using System.Globalization;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Storage.Fixtures;

/// <summary>Facts about files, from other tools.</summary>
internal static class Facts
{
    /// <summary>The owner and the mode of a file, as <c>USER:GROUP MODE</c>.</summary>
    public static async Task<string> OwnerAndModeAsync(string path) =>
        (await Command.RunAsync(["stat", "--format", "%u:%g %a", path])).AssertSucceeded().Output.Trim();

    /// <summary>The usage of a tree according to du.</summary>
    public static async Task<SnapshotUsage> UsageAsync(string path) => new(
        await NumberAsync("du", "-s", "--block-size=1", path),
        await NumberAsync("du", "-s", "--inodes", path));

    private static async Task<long> NumberAsync(params string[] command) =>
        long.Parse((await Command.RunAsync(command)).AssertSucceeded().Output.Split('\t')[0], CultureInfo.InvariantCulture);
}
