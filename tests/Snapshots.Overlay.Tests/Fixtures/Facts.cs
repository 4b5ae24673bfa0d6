using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Fixtures;

/// <summary>What other tools say about files.</summary>
internal static class Facts
{
    /// <summary>The owner and the mode of a file, as <c>USER:GROUP MODE</c>.</summary>
    public static async Task<string> OwnerAndModeAsync(string path) =>
        (await Command.RunAsync(["stat", "--format", "%u:%g %a", path])).Succeeded().Output.Trim();
}
