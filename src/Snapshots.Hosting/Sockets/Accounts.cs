using System.Globalization;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Shared;

namespace Containerd.Snapshots.Hosting.Sockets;

/// <summary>Users and groups, by name or number.</summary>
internal static class Accounts
{
    public const uint Root = 0;

    /// <summary>The effective user of this process.</summary>
    public static uint Own => Linux.CurrentOwner.User;

    /// <summary>Returns a user's number, or null if no user has this name. A number is returned as it is.</summary>
    public static uint? TryFindUser(string user) => Find(user, Linux.FindUser);

    /// <summary>Returns a group's number, or null if no group has this name. A number is returned as it is.</summary>
    public static uint? TryFindGroup(string group) => Find(group, Linux.FindGroup);

    /// <exception cref="SetupException">No user has this name.</exception>
    public static uint FindUser(string user) => TryFindUser(user) ?? throw new SetupException($"there is no user \"{user}\"");

    /// <exception cref="SetupException">No group has this name.</exception>
    public static uint FindGroup(string group) => TryFindGroup(group) ?? throw new SetupException($"there is no group \"{group}\"");

    private static uint? Find(string text, Func<string, uint?> byName) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number != uint.MaxValue ? number : byName(text);
}
