using Containerd.Snapshots.Hosting.Connections;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Hosting.Setup;
using Containerd.Snapshots.Hosting.Sockets;

namespace Containerd.Snapshots.Hosting.Checks;

/// <summary>Checks that the users and groups of the command line exist.</summary>
internal static class AccountChecks
{
    public static IEnumerable<SnapshotterCheckResult> Of(HostSettings settings)
    {
        if (settings.SocketAccess.User is { } user)
            yield return Check($"the socket's user \"{user}\"", () => Accounts.FindUser(user));

        if (settings.SocketAccess.Group is { } group)
            yield return Check($"the socket's group \"{group}\"", () => Accounts.FindGroup(group));

        foreach (var allowed in settings.AllowedUsers)
            yield return Check($"the allowed user \"{allowed}\"", () => new PeerGate([allowed], settings.Limits.MaxConnections));
    }

    private static SnapshotterCheckResult Check(string what, Func<object> find)
    {
        try
        {
            find();
            return SnapshotterCheckResult.Ok($"{what} exists");
        }
        catch (SetupException exception)
        {
            return SnapshotterCheckResult.Wrong(exception.Message, "create it, or give another name");
        }
    }
}
