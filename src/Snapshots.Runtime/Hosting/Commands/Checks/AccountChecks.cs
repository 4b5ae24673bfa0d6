namespace Containerd.Snapshots.Hosting;

/// <summary>Whether the users and groups of the command line are there.</summary>
internal static class AccountChecks
{
    public static IEnumerable<SnapshotterCheckResult> Of(HostOptions options)
    {
        if (options.SocketAccess.User is { } user)
            yield return Check($"the socket's user \"{user}\"", () => Accounts.FindUser(user));

        if (options.SocketAccess.Group is { } group)
            yield return Check($"the socket's group \"{group}\"", () => Accounts.FindGroup(group));

        foreach (var allowed in options.AllowedUsers)
            yield return Check($"the user \"{allowed}\", who may connect,", () => new PeerGate([allowed], options.Limits.MaxConnections));
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
