using System.Runtime.InteropServices;

namespace Containerd.Snapshots.Shared;

/// <content>What a process hands down to those that it starts.</content>
internal static partial class Linux
{
    private const int SetDescriptorFlags = 2, Cloexec = 1; // F_SETFD, FD_CLOEXEC

    /// <summary>Takes a variable out of the environment, .NET's copy of it and the C library's.</summary>
    public static void UnsetVariable(string name)
    {
        Environment.SetEnvironmentVariable(name, null);
        _ = Unset(name);
    }

    /// <summary>Keeps a descriptor from processes that this one starts, or does not.</summary>
    public static void KeepFromChildren(int descriptor, bool keep)
    {
        if (Control(descriptor, SetDescriptorFlags, keep ? Cloexec : 0) != 0)
            throw Failed($"Cannot use descriptor {descriptor}", Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unset(string name);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, int argument);
}
