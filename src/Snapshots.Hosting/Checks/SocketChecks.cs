using System.Net.Sockets;
using Containerd.Snapshots.Hosting.Files;
using Containerd.Snapshots.Hosting.Sockets;
using Containerd.Snapshots.Shared;

namespace Containerd.Snapshots.Hosting.Checks;

/// <summary>Whether a server can make its socket, and what is at its path now.</summary>
internal static class SocketChecks
{
    private const UnixFileMode Permissions = (UnixFileMode)0x1FF; // 0777

    public static IEnumerable<SnapshotterCheckResult> Of(string path, SocketAccess access)
    {
        path = SocketPath.Check(path);
        var directory = Path.GetDirectoryName(path)!;
        return [.. Directory(directory, FileOwnership.Of(directory)!.Value), .. Socket(path, access)];
    }

    /// <summary>Who, beside root and the server's own user, can put a socket of his own in the place of the server's.</summary>
    public static IEnumerable<SnapshotterCheckResult> Strangers(string directory, FileOwnership status)
    {
        if (status.User != Accounts.Root && status.User != Accounts.Own)
            yield return SnapshotterCheckResult.Wrong($"the directory \"{directory}\" belongs to user {status.User}, who can put another socket there", $"chown {Accounts.Own} {directory}");

        if (status.IsWritableByOthers && !status.IsSticky)
            yield return SnapshotterCheckResult.Wrong($"everyone can write in the directory \"{directory}\", and put another socket there", $"chmod o-w {directory}");
        else if (status is { IsWritableByGroup: true, IsSticky: false, Group: not 0 })
            yield return SnapshotterCheckResult.Warning($"the group {status.Group} can write in the directory \"{directory}\", and put another socket there", $"chmod g-w {directory}");
    }

    private static IEnumerable<SnapshotterCheckResult> Directory(string directory, FileOwnership status)
    {
        var strangers = Strangers(directory, status).ToList();
        foreach (var stranger in strangers)
            yield return stranger;

        if (strangers.Count == 0)
            yield return SnapshotterCheckResult.Ok($"the directory \"{directory}\" has mode {status.Octal}");

        if (!Linux.CanWriteIn(directory))
            yield return SnapshotterCheckResult.Wrong($"this user cannot write in the directory \"{directory}\"", "run the snapshotter as its owner, or choose another path");
    }

    private static IEnumerable<SnapshotterCheckResult> Socket(string path, SocketAccess access)
    {
        if (HostFiles.Look(path, LinkHandling.NoFollow) is null)
            return [SnapshotterCheckResult.Note($"nothing is at \"{path}\": no snapshotter serves there now")];

        if (!HostSocket.IsListening(path))
            return [SnapshotterCheckResult.Warning($"no server listens on \"{path}\", which an earlier one has left", "start the snapshotter, which replaces it")];

        return [SnapshotterCheckResult.Ok($"a server listens on \"{path}\""), .. File(path, FileOwnership.Of(path, LinkHandling.NoFollow)!.Value, access)];
    }

    private static IEnumerable<SnapshotterCheckResult> File(string path, FileOwnership file, SocketAccess access)
    {
        var mode = file.Mode & Permissions;
        if (mode != access.Mode)
            yield return SnapshotterCheckResult.Warning($"\"{path}\" has mode {file.Octal}, and not {FileOwnership.InOctal(access.Mode)} as these options say", "start the snapshotter again with these options");

        // Accounts that are not there are another check's.
        if ((access.User is null ? Accounts.Own : Accounts.TryFindUser(access.User)) is { } user && user != file.User)
            yield return SnapshotterCheckResult.Warning($"\"{path}\" belongs to user {file.User}, and not to {user} as these options say", "run this as the snapshotter's user, or start the snapshotter again with these options");

        if (access.Group is not null && Accounts.TryFindGroup(access.Group) is { } group && group != file.Group)
            yield return SnapshotterCheckResult.Warning($"\"{path}\" belongs to group {file.Group}, and not to {group} as these options say", "start the snapshotter again with these options");
    }
}
