using Containerd.Snapshots.Hosting.Connections;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Hosting.Setup;
using Containerd.Snapshots.Hosting.Sockets;

namespace Containerd.Snapshots.Hosting.Checks;

/// <summary>Whether the users and groups of the command line are there.</summary>
internal static class AccountChecks
{
    public static IEnumerable<SnapshotterCheckResult> Of(HostSettings settings)
    {
        if (settings.SocketAccess.User is { } user)
            yield return Check($"the socket's user \"{user}\"", () => Accounts.FindUser(user));

        if (settings.SocketAccess.Group is { } group)
            yield return Check($"the socket's group \"{group}\"", () => Accounts.FindGroup(group));

        foreach (var allowed in settings.AllowedUsers)
            yield return Check($"the user \"{allowed}\", who may connect,", () => new PeerGate([allowed], settings.Limits.MaxConnections));
    }

    private static SnapshotterCheckResult Check(string what, Func<object> find)
    {
        try
        {
            find();
            return SnapshotterCheckResult.Ok($"{what} is there");
        }
        catch (SetupException exception)
        {
            return SnapshotterCheckResult.Wrong(exception.Message, "create one, or name another");
        }
    }
}
