using System.Runtime.InteropServices;

namespace Containerd.Snapshots.Shared;

/// <content>Users and groups by name.</content>
internal static partial class Linux
{
    // struct passwd and struct group of glibc and musl: two pointers (name, password), then the number.
    private static readonly int NumberOffset = 2 * IntPtr.Size;

    /// <summary>The number of a user, or null if no user has that name.</summary>
    public static uint? FindUser(string name) => NumberIn(GetUser(name));

    /// <summary>The number of a group, or null if no group has that name.</summary>
    public static uint? FindGroup(string name) => NumberIn(GetGroup(name));

    private static uint? NumberIn(nint account) => account == 0 ? null : (uint)Marshal.ReadInt32(account, NumberOffset);

    [LibraryImport("libc", EntryPoint = "getpwnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetUser(string name);

    [LibraryImport("libc", EntryPoint = "getgrnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetGroup(string name);
}
