using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Overlay;

/// <summary>
/// What overlay mounts need of a machine, for <c>SnapshotterHostBuilder.AddCheck</c>. It creates and changes nothing,
/// and mounts nothing.
/// </summary>
public static class OverlayCheck
{
    private const long OverlayType = 0x794C7630;
    private const string KnownFileSystems = "/proc/filesystems";

    /// <summary>Looks at the kernel, at the options, and at where the snapshots are going to be.</summary>
    /// <param name="root">The root directory, which may not exist yet, or null if it is not known.</param>
    /// <param name="options">How snapshots are going to be mounted.</param>
    public static IEnumerable<SnapshotterCheckResult> Run(string? root, OverlayMountOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return [Kernel(), .. Options(root, options), .. root is null ? [] : Root(Path.TrimEndingDirectorySeparator(root))];
    }

    private static SnapshotterCheckResult Kernel() => File.ReadLines(KnownFileSystems).Any(static line => line.EndsWith("\toverlay", StringComparison.Ordinal))
        ? SnapshotterCheckResult.Ok("the kernel knows overlay")
        : SnapshotterCheckResult.Warning("the kernel does not know overlay yet, and may have no module for it", "modprobe overlay");

    private static IEnumerable<SnapshotterCheckResult> Options(string? root, OverlayMountOptions options)
    {
        var features = OverlayFeatures.Detect(Existing(root ?? "/"));
        var flaws = options.Extra.Select(Flaw).OfType<SnapshotterCheckResult>().ToList();
        if (options.RemapIds && !features.IdMappedMounts)
            flaws.Add(SnapshotterCheckResult.Wrong("this kernel cannot map the ids of overlay mounts", "that needs Linux 5.19"));

        return flaws.Count > 0
            ? flaws
            : [SnapshotterCheckResult.Ok($"the kernel {(features.Index ? "knows" : "does not know")} index, {(features.UserXattr ? "needs" : "does not need")} userxattr and {(features.IdMappedMounts ? "can" : "cannot")} map ids")];
    }

    private static SnapshotterCheckResult? Flaw(string option) => Refusal(() => MountOptionCheck.Check(option), "leave it out");

    private static SnapshotterCheckResult? Refusal(Action check, string remedy)
    {
        try
        {
            check();
            return null;
        }
        catch (SnapshotterException exception)
        {
            return SnapshotterCheckResult.Wrong(exception.Message.TrimEnd('.'), remedy);
        }
    }

    private static IEnumerable<SnapshotterCheckResult> Root(string root)
    {
        if (Refusal(() => RootCheck.CheckPath(root), "choose another path") is { } refusal)
            return [refusal];

        // The snapshots are in a directory of their own, which may be a link to another disk.
        var existing = Existing(Path.Combine(root, SnapshotName.Snapshots));
        Errno.ThrowIfFailed(Linux.OpenDirectory(existing, out var directory), $"cannot open \"{existing}\"");
        using (directory)
            return [FileSystem(existing, directory)];
    }

    private static SnapshotterCheckResult FileSystem(string path, SafeFileHandle directory)
    {
        if (Linux.FileSystemType(directory) == OverlayType)
            return SnapshotterCheckResult.Wrong($"\"{path}\" is itself on an overlay, as in a container, and overlay mounts there fail", "choose a directory on ext4, xfs or btrfs");

        return DirectoryEntries.HaveTypes(directory)
            ? SnapshotterCheckResult.Ok($"the file system of \"{path}\" keeps the types of files (d_type)")
            : SnapshotterCheckResult.Wrong($"the file system of \"{path}\" does not keep the types of files (d_type)", "format an xfs with ftype=1, an ext4 with the feature filetype");
    }

    /// <summary>A directory, or the nearest one above it that is there.</summary>
    private static string Existing(string directory)
    {
        while (!Directory.Exists(directory))
            directory = Path.GetDirectoryName(directory) ?? "/";

        return directory;
    }
}
