using System.Globalization;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Shared;

namespace Containerd.Snapshots.Hosting.Sockets;

/// <summary>Users and groups, by name or number.</summary>
internal static class Accounts
{
    public const uint Root = 0;

    /// <summary>The user that this process acts as.</summary>
    public static uint Own => Linux.CurrentOwner.User;

    /// <summary>A user, or null if there is none.</summary>
    public static uint? TryFindUser(string user) => Find(user, Linux.FindUser);

    /// <summary>A group, or null if there is none.</summary>
    public static uint? TryFindGroup(string group) => Find(group, Linux.FindGroup);

    /// <exception cref="SetupException">There is none.</exception>
    public static uint FindUser(string user) => TryFindUser(user) ?? throw new SetupException($"there is no user \"{user}\"");

    /// <exception cref="SetupException">There is none.</exception>
    public static uint FindGroup(string group) => TryFindGroup(group) ?? throw new SetupException($"there is no group \"{group}\"");

    private static uint? Find(string text, Func<string, uint?> byName) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number != uint.MaxValue ? number : byName(text);
}
