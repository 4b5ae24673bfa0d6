using System.Globalization;
using Containerd.Snapshots.Hosting.Files;
using Containerd.Snapshots.Hosting.Sockets;
using Containerd.Snapshots.Shared;

namespace Containerd.Snapshots.Hosting.Checks;

/// <summary>Whether a snapshotter can keep what it has in its root directory.</summary>
internal static class RootChecks
{
    private const long LittleSpace = 1L << 30, LittleInodes = 10_000;

    public static IEnumerable<SnapshotterCheckResult> Of(string? root)
    {
        if (root is null)
            return [SnapshotterCheckResult.Note("the option --root is not given")];

        if (FileOwnership.Of(root) is not { } status)
            return Missing(root);

        if (!Directory.Exists(root))
            return [SnapshotterCheckResult.Wrong($"\"{root}\" is not a directory", "move it away, or choose another one")];

        return [.. Owner(root, status), .. Space(root, root)];
    }

    // The snapshotter makes it, and those above it, for its owner alone.
    private static IEnumerable<SnapshotterCheckResult> Missing(string root)
    {
        var above = Path.GetDirectoryName(root)!;
        while (FileOwnership.Of(above) is null)
            above = Path.GetDirectoryName(above)!;

        if (!Directory.Exists(above))
            return [SnapshotterCheckResult.Wrong($"\"{root}\" does not exist, and cannot: \"{above}\" is not a directory", "move it away, or choose another one")];

        if (FileSystem.Of(above).IsReadOnly)
            return [ReadOnly(above)];

        if (!Linux.CanWriteIn(above))
            return [SnapshotterCheckResult.Wrong($"\"{root}\" does not exist, and this user cannot create it in \"{above}\"", "create it as root, and give it to the snapshotter's user")];

        return [SnapshotterCheckResult.Ok($"\"{root}\" does not exist yet: the snapshotter creates it"), .. Space(root, above)];
    }

    private static IEnumerable<SnapshotterCheckResult> Owner(string root, FileOwnership status)
    {
        if (FileSystem.Of(root).IsReadOnly)
            yield return ReadOnly(root);
        else if (!Linux.CanWriteIn(root))
            yield return SnapshotterCheckResult.Wrong($"this user cannot write in \"{root}\"", "run the snapshotter as its owner");

        if (status.User != Accounts.Root && status.User != Accounts.Own)
            yield return SnapshotterCheckResult.Wrong($"\"{root}\" belongs to user {status.User}, who can change what containers run", $"chown {Accounts.Own} {root}");

        if (status.IsWritableByOthers || status.IsWritableByGroup)
            yield return SnapshotterCheckResult.Wrong($"others can write in \"{root}\" (mode {status.Octal}), and change what containers run", $"chmod go-w {root}");
        else if (status.IsOpenToOthers)
            yield return SnapshotterCheckResult.Note($"others can enter \"{root}\" (mode {status.Octal}), and may run the setuid programs of images: mode 0700 keeps them out");
        else
            yield return SnapshotterCheckResult.Ok($"\"{root}\" has mode {status.Octal}");
    }

    private static SnapshotterCheckResult ReadOnly(string directory) =>
        SnapshotterCheckResult.Wrong($"the file system of \"{directory}\" is read-only", "make it writable, or choose another one");

    private static IEnumerable<SnapshotterCheckResult> Space(string root, string directory)
    {
        var space = FileSystem.Of(directory);
        var type = new DriveInfo(directory).DriveFormat;
        var megabytes = string.Create(CultureInfo.InvariantCulture, $"{space.FreeBytes >> 20} MB");
        var found = string.Create(CultureInfo.InvariantCulture, $"the file system of \"{root}\" is {type}, with {megabytes}{(space.HasInodes ? $" and {space.FreeInodes} inodes" : "")} free");
        if (WhatIsBelow(1, 1, space) is { } missing)
            yield return SnapshotterCheckResult.Wrong(found, $"it has no {missing} left: free some");
        else if (WhatIsBelow(LittleSpace, LittleInodes, space) is { } scarce)
            yield return SnapshotterCheckResult.Warning(found, $"it is short of {scarce} for images: free some, or choose another one");
        else
            yield return SnapshotterCheckResult.Ok(found);
    }

    private static string? WhatIsBelow(long bytes, long inodes, FileSystem space) => (space.FreeBytes < bytes, space.HasInodes && space.FreeInodes < inodes) switch
    {
        (true, true) => "space and inodes",
        (true, false) => "space",
        (false, true) => "inodes",
        _ => null,
    };
}
