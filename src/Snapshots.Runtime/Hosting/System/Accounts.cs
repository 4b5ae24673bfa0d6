using System.Globalization;

namespace Containerd.Snapshots.Hosting;

/// <summary>Users and groups, by name or number.</summary>
internal static class Accounts
{
    public const uint Root = 0;

    /// <summary>The user that this process acts as.</summary>
    public static uint Own => Linux.EffectiveUser();

    /// <exception cref="SetupException">There is none.</exception>
    public static uint FindUser(string user) => Find(user, Linux.FindUser) ?? throw new SetupException($"there is no user \"{user}\"");

    /// <exception cref="SetupException">There is none.</exception>
    public static uint FindGroup(string group) => Find(group, Linux.FindGroup) ?? throw new SetupException($"there is no group \"{group}\"");

    private static uint? Find(string text, Func<string, uint?> byName) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number != uint.MaxValue ? number : byName(text);
}
