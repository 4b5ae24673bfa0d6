namespace Containerd.Snapshots.Tests.Lazy;

/// <summary>A small disk for the snapshotter's root directory, which becomes full.</summary>
internal static class SmallDisk
{
    /// <summary>Makes the disk, before the snapshotter starts.</summary>
    public static async Task MountAsync(Node node)
    {
        Tools.Require("mkfs.ext4");

        // Blocks as large as pages. With smaller ones, which mkfs chooses for a small disk, the file that SQLite maps into memory
        // has holes, and a program that writes into one on a full disk gets SIGBUS.
        var image = Path.Combine(node.Box.Folder, "disk");
        (await node.Box.RunAsync(["sh", "-ec", $"truncate -s 32M {image}; mkfs.ext4 -q -b 4096 {image}; mkdir {node.Snapshotter.Root}; mount -o loop {image} {node.Snapshotter.Root}"])).AssertSucceeded();
    }

    /// <summary>Fills the disk up to some bytes, as root, so that the blocks that are kept for root are used, too.</summary>
    public static async Task FillAsync(Node node, int left) => (await node.Box.RunAsync(
        ["sh", "-ec", $"cat /dev/zero > {node.Snapshotter.Root}/filler 2>/dev/null || true; truncate -s -{left} {node.Snapshotter.Root}/filler; sync -f {node.Snapshotter.Root}"])).AssertSucceeded();

    /// <summary>Leaves space for bytes, but for no further file.</summary>
    public static async Task FillInodesAsync(Node node) => (await node.Box.RunAsync(
        ["sh", "-ec", $"mkdir {node.Snapshotter.Root}/filler; cd {node.Snapshotter.Root}/filler; seq 40000 | xargs touch 2>/dev/null || true"])).AssertSucceeded();

    /// <summary>Makes room again.</summary>
    public static async Task FreeAsync(Node node) => (await node.Box.RunAsync(["rm", "-r", $"{node.Snapshotter.Root}/filler"])).AssertSucceeded();
}
