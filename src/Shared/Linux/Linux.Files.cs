using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Shared;

/// <content>
/// Status and owner of an open file, or of a name in an open directory: no path is too long, and no link is followed.
/// </content>
internal static partial class Linux
{
    /// <summary>The user and group that own the files which this process creates.</summary>
    public static Owner CurrentOwner { get; } = new(GetEffectiveUser(), GetEffectiveGroup());

    /// <summary>Gets the status of an open file.</summary>
    public static int Look(SafeFileHandle file, out FileStatus status) => Look(file, "\0"u8, out status);

    /// <summary>Gets the status of a name in a directory.</summary>
    public static int Look(SafeFileHandle directory, ReadOnlySpan<byte> name, out FileStatus status) =>
        Look(directory, name, NoFollow | NoAutomount | EmptyName, out status);

    /// <summary>Sets the owner of a name in a directory, or of the open file itself if the name is empty.</summary>
    public static int SetOwner(SafeFileHandle directory, ReadOnlySpan<byte> name, Owner owner) =>
        Result(FchownAt(directory, name, owner.User, owner.Group, NoFollow | EmptyName));

    [LibraryImport("libc", EntryPoint = "fchownat", SetLastError = true)]
    private static partial int FchownAt(SafeFileHandle directory, ReadOnlySpan<byte> name, uint user, uint group, int flags);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial uint GetEffectiveGroup();
}

/// <summary>The ids of a user and a group.</summary>
internal readonly record struct Owner(uint User, uint Group)
{
    /// <summary>The id that leaves the user or the group as it is.</summary>
    public const uint Unchanged = uint.MaxValue;
}
