using System.Text;
using Containerd.Snapshots.Erofs.Tar;

namespace Containerd.Snapshots.Erofs.Layers;

/// <summary>The attributes that containerd gives to the file of an entry.</summary>
internal static class EntryAttributes
{
    // containerd's call takes nanoseconds since 1970 in 63 bits; other times become 1970.
    private static readonly TarTime First = new(0, 0), Last = new(long.MaxValue / 1_000_000_000, (uint)(long.MaxValue % 1_000_000_000));

    /// <exception cref="InvalidDataException">An attribute is none that Linux takes.</exception>
    public static ErofsAttributes Of(TarEntry entry, bool userNamespace)
    {
        var time = entry.ModifiedAt;
        if (time.Seconds < First.Seconds || time.Seconds > Last.Seconds || (time.Seconds == Last.Seconds && time.Nanoseconds > Last.Nanoseconds))
            time = First;

        return new(entry.Mode, Id(entry.UserId), Id(entry.GroupId), time.Seconds, time.Nanoseconds)
        {
            ExtendedAttributes = entry.ExtendedAttributes.Count == 0 ? null : Extended(entry, userNamespace),
        };
    }

    // chown(2) takes 32 bits, and -1 leaves the owner, who is root.
    private static uint Id(long number) => (uint)number is not uint.MaxValue and var id ? id : 0;

    private static List<KeyValuePair<string, byte[]>> Extended(TarEntry entry, bool userNamespace)
    {
        List<KeyValuePair<string, byte[]>> kept = [];
        foreach (var (name, value) in entry.ExtendedAttributes)
        {
            if (IsIgnored(name, value, entry.Type, userNamespace))
                continue;

            ThrowIfRefused(name, value, entry);
            kept.Add(new(name, value));
        }

        return kept;
    }

    // What containerd leaves out, or the kernel refuses in a way that containerd ignores.
    private static bool IsIgnored(string name, byte[] value, TarType type, bool userNamespace) => name switch
    {
        "system.posix_acl_access" or "system.posix_acl_default" => type == TarType.SymbolicLink || value.Length == 0,
        _ when name.StartsWith("user.", StringComparison.Ordinal) =>
            !CanHaveUserAttributes(type) || (userNamespace && name.StartsWith("user.overlay.", StringComparison.Ordinal)),
        _ => !name.StartsWith("security.", StringComparison.Ordinal), // trusted, too: overlay's own marks are there.
    };

    private static void ThrowIfRefused(string name, byte[] value, TarEntry entry)
    {
        const int MaxName = 255, MaxValue = 65536;
        var reason = name switch
        {
            "user." or "security." => "it has no name",
            "system.posix_acl_default" when entry.Type != TarType.Directory => "only directories have it",
            "system.posix_acl_access" or "system.posix_acl_default" when !AccessList.IsValid(value) => "it is no access list",
            "security.capability" when !IsCapability(value) => "these are no capabilities",
            _ when Encoding.UTF8.GetByteCount(name) > MaxName => $"its name is longer than {MaxName} bytes",
            _ when value.Length >= MaxValue => $"its value is longer than {MaxValue - 1} bytes",
            _ => null,
        };
        if (reason is not null)
            throw new InvalidDataException($"\"{Tree.LayerPath.Show(entry.Path.Span)}\" has the extended attribute \"{name[..Math.Min(name.Length, 60)]}\", which cannot be: {reason}");
    }

    // Versions 2 and 3; the kernel refuses older ones.
    private static bool IsCapability(byte[] value) => (value.Length, value is [_, _, _, var version, ..] ? version : 0) is (20, 2) or (24, 3);

    private static bool CanHaveUserAttributes(TarType type) => type is TarType.Regular or TarType.Directory or TarType.HardLink;
}
