using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Tests.Systemd;
using Containerd.Snapshots.Wire;

namespace Containerd.Snapshots.Tests.Host.Systemd;

/// <summary>A layer like those of images: files of other users, closed and sticky directories, set-user-id programs.</summary>
internal static class Layer
{
    private const string Owner = "12345";

    private const string Fill = """
        cd "$1"
        mkdir closed sticky
        touch closed/file sticky/file
        cp /bin/true program
        chown -R "$2:$2" .
        chmod 4755 program
        chmod 1777 sticky
        chmod 0 closed
        """;

    /// <summary>
    /// Unpacks, commits, measures, builds upon and removes a layer, and asserts that its directory is then gone.
    /// </summary>
    public static async Task AssertComesAndGoesAsync(SystemdBox box)
    {
        var calls = box.Client.Calls;
        var layer = calls.Prepare(new PrepareSnapshotRequest { Key = "unpack" }).Mounts.Single().Source;
        (await Command.RunAsync(["bash", "-ec", Fill, "bash", box.PathOf(layer), Owner])).AssertSucceeded();
        calls.Commit(new() { Name = "layer", Key = "unpack" });
        calls.Usage(new() { Key = "layer" });

        var upper = calls.Prepare(new PrepareSnapshotRequest { Key = "container", Parent = "layer" }).Mounts.Single()
            .Options.Single(static option => option.StartsWith("upperdir=", StringComparison.Ordinal))["upperdir=".Length..];
        var owner = (await Command.RunAsync(["stat", "--format=%u %a", box.PathOf(upper)])).AssertSucceeded().Output.Trim();

        calls.Remove(new() { Key = "container" });
        calls.Remove(new() { Key = "layer" });
        calls.Cleanup(new());

        if (owner != $"{Owner} 755")
            throw new AssertionException($"The upper directory has the owner and mode {owner}.");
        if (Directory.Exists(Path.GetDirectoryName(box.PathOf(layer))))
            throw new AssertionException("The layer's directory is still there.");
    }
}
