using Containerd.Snapshots.Shared;

namespace Containerd.Snapshots.Overlay;

/// <summary>The kernel's features for overlay mounts.</summary>
/// <param name="Index">Whether the kernel supports the option <c>index</c>.</param>
/// <param name="UserXattr">
/// Whether mounts need the option <c>userxattr</c>: in a user namespace, where overlay cannot use its <c>trusted</c>
/// attributes. Linux 5.11 and newer.
/// </param>
/// <param name="IdMappedMounts">
/// Whether layers can be mounted with mapped ids: Linux 5.19 and newer. The file system below must support it, too; ext4, xfs
/// and btrfs do.
/// </param>
public sealed record OverlayFeatures(bool Index, bool UserXattr, bool IdMappedMounts)
{
    private const long TmpfsType = 0x01021994;
    private static readonly Version FirstWithUserXattr = new(5, 11), FirstWithIdMappedOverlay = new(5, 19);

    /// <summary>Detects the features of the running kernel.</summary>
    /// <param name="root">The snapshotter's root directory, which need not exist.</param>
    public static OverlayFeatures Detect(string root)
    {
        ArgumentNullException.ThrowIfNull(root);
        var kernel = Environment.OSVersion.Version;
        return new(
            Index: KnowsIndex(),
            UserXattr: kernel >= FirstWithUserXattr && IsUserNamespace(ReadMapping()) && !IsTmpfs(root),
            IdMappedMounts: kernel >= FirstWithIdMappedOverlay);
    }

    /// <summary>Whether an id mapping is that of a user namespace other than the initial one, which maps every id to itself.</summary>
    internal static bool IsUserNamespace(string mapping) =>
        !mapping.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).AsSpan().SequenceEqual(["0", "0", "4294967295"]);

    // Without the module, the first mount loads it: on every kernel that .NET supports, it has the option index.
    private static bool KnowsIndex() =>
        File.Exists("/sys/module/overlay/parameters/index") || !Directory.Exists("/sys/module/overlay");

    private static string ReadMapping()
    {
        try
        {
            return File.ReadAllText("/proc/self/uid_map");
        }
        catch (FileNotFoundException) // A kernel without user namespaces.
        {
            return "0 0 4294967295";
        }
    }

    // Before Linux 6.6, files on tmpfs cannot have such attributes; containerd omits the option on every kernel.
    private static bool IsTmpfs(string root)
    {
        var error = Linux.Open(root, OpenFlags.Directory, out var directory);
        using (directory)
            return error == 0 && Linux.LookAtFileSystem(directory, out var status) == 0 && status.Type == TmpfsType;
    }
}
