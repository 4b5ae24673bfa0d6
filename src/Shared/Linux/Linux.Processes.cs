using System.Runtime.InteropServices;

namespace Containerd.Snapshots.Shared;

/// <content>What the processes that this one starts inherit.</content>
internal static partial class Linux
{
    private const int SetDescriptorFlags = 2, CloseOnExec = 1; // F_SETFD, FD_CLOEXEC

    /// <summary>Removes a variable from the environment: from .NET's copy and from the C library's.</summary>
    public static void UnsetVariable(string name)
    {
        Environment.SetEnvironmentVariable(name, null);
        _ = UnsetEnv(name);
    }

    /// <summary>Keeps a descriptor from the processes that this one starts.</summary>
    public static int KeepFromChildren(int descriptor) => Result(Fcntl(descriptor, SetDescriptorFlags, CloseOnExec));

    /// <summary>Gives a descriptor to the processes that this one starts.</summary>
    public static int GiveToChildren(int descriptor) => Result(Fcntl(descriptor, SetDescriptorFlags, 0));

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnsetEnv(string name);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Fcntl(int descriptor, int command, int argument);
}
