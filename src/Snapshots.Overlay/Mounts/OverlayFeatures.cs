using Containerd.Snapshots.Shared;

namespace Containerd.Snapshots.Overlay;

/// <summary>What the kernel can do for overlay mounts, and what they need here.</summary>
/// <param name="Index">Whether the kernel knows the option <c>index</c>.</param>
/// <param name="UserXattr">
/// Whether mounts need the option <c>userxattr</c>: in a user namespace, where overlay may not use the attributes that
/// it uses otherwise. Linux 5.11 and newer.
/// </param>
/// <param name="IdMappedMounts">
/// Whether layers can be mounted with mapped ids: Linux 5.19 and newer. The file system below must know it too; ext4, xfs
/// and btrfs do.
/// </param>
public sealed record OverlayFeatures(bool Index, bool UserXattr, bool IdMappedMounts)
{
    private const long TmpfsType = 0x01021994;
    private static readonly Version FirstWithUserXattr = new(5, 11), FirstWithIdMappedOverlay = new(5, 19);

    /// <summary>Asks the kernel that runs.</summary>
    /// <param name="root">The directory where the snapshots are going to be.</param>
    public static OverlayFeatures Detect(string root)
    {
        ArgumentNullException.ThrowIfNull(root);
        var kernel = Environment.OSVersion.Version;
        return new(
            Index: KnowsIndex(),
            UserXattr: kernel >= FirstWithUserXattr && IsUserNamespace(ReadMapping()) && !IsTmpfs(root),
            IdMappedMounts: kernel >= FirstWithIdMappedOverlay);
    }

    /// <summary>Whether this is the mapping of a user namespace other than the first one, which maps every id to itself.</summary>
    internal static bool IsUserNamespace(string mapping) =>
        !mapping.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).AsSpan().SequenceEqual(["0", "0", "4294967295"]);

    // Not in the kernel yet, the module will be loaded by the first mount: every kernel that .NET runs on has it with index.
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

    // Files there may not have such attributes before Linux 6.6; containerd leaves the option out on all of them.
    private static bool IsTmpfs(string root)
    {
        var error = Linux.Open(root, OpenFlags.Directory, out var directory);
        using (directory)
            return error == 0 && Linux.LookAtFileSystem(directory, out var status) == 0 && status.Type == TmpfsType;
    }
}
