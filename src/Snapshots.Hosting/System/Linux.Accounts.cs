using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Shared;

/// <content>Users, groups and owners.</content>
internal static partial class Linux
{
    private const int EmptyPath = 0x1000; // AT_EMPTY_PATH

    // struct passwd and struct group of glibc and musl: two pointers (name, password), then the number.
    private static readonly int NumberAt = 2 * IntPtr.Size;

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    /// <summary>The number of a user, or null if there is none of that name.</summary>
    public static uint? FindUser(string name) => NumberIn(GetUser(name));

    /// <summary>The number of a group, or null if there is none of that name.</summary>
    public static uint? FindGroup(string name) => NumberIn(GetGroup(name));

    /// <summary>Gives a file other owners; null leaves one as it is.</summary>
    /// <param name="file">What <see cref="OpenFile"/> opened.</param>
    /// <param name="user">The new owner's number.</param>
    /// <param name="group">The new group's number.</param>
    public static void SetOwner(SafeFileHandle file, uint? user, uint? group)
    {
        const uint Unchanged = uint.MaxValue;
        if (ChangeOwner(file, "", user ?? Unchanged, group ?? Unchanged, EmptyPath) != 0)
            throw Failed("Cannot change the owner of the socket", Marshal.GetLastPInvokeError());
    }

    private static uint? NumberIn(nint account) => account == 0 ? null : (uint)Marshal.ReadInt32(account, NumberAt);

    [LibraryImport("libc", EntryPoint = "getpwnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetUser(string name);

    [LibraryImport("libc", EntryPoint = "getgrnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetGroup(string name);

    [LibraryImport("libc", EntryPoint = "fchownat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(SafeFileHandle directory, string path, uint user, uint group, int flags);
}
