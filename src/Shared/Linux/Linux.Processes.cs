using System.Runtime.InteropServices;

namespace Containerd.Snapshots.Shared;

/// <content>What child processes inherit, and the end of this one.</content>
internal static partial class Linux
{
    private const int SetDescriptorFlags = 2, CloseOnExec = 1; // F_SETFD, FD_CLOEXEC

    /// <summary>Removes a variable from the environment: from .NET's copy and from the C library's.</summary>
    public static void UnsetVariable(string name)
    {
        Environment.SetEnvironmentVariable(name, null);
        _ = UnsetEnv(name);
    }

    /// <summary>Prevents child processes from inheriting a descriptor.</summary>
    public static int KeepFromChildren(int descriptor) => Result(Fcntl(descriptor, SetDescriptorFlags, CloseOnExec));

    /// <summary>Lets child processes inherit a descriptor.</summary>
    public static int GiveToChildren(int descriptor) => Result(Fcntl(descriptor, SetDescriptorFlags, 0));

    /// <summary>Ends the process at once. Nothing else of .NET runs any more.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void Exit(int code);

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnsetEnv(string name);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Fcntl(int descriptor, int command, int argument);
}
