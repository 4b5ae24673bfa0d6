using Containerd.Snapshots.Overlay.Mounts;
using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Overlay;

/// <summary>
/// Checks whether a machine can mount overlays, for <c>SnapshotterHostBuilder.AddCheck</c>. It creates, changes and mounts
/// nothing.
/// </summary>
public static class OverlayCheck
{
    private const string KnownFileSystems = "/proc/filesystems";

    /// <summary>Checks the kernel, the options, and the file system of the root directory.</summary>
    /// <param name="root">The snapshotter's root directory, which need not exist; null to check the kernel and the options only.</param>
    /// <param name="options">The options for all mounts.</param>
    /// <returns>At least one result for each of the three.</returns>
    public static IEnumerable<SnapshotterCheckResult> Run(string? root, OverlayOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return [Kernel(), .. Options(root, options), .. root is null ? [] : Root(Path.TrimEndingDirectorySeparator(root))];
    }

    private static SnapshotterCheckResult Kernel() => File.ReadLines(KnownFileSystems).Any(static line => line.EndsWith("\toverlay", StringComparison.Ordinal))
        ? SnapshotterCheckResult.Ok("the kernel supports overlay")
        : SnapshotterCheckResult.Warning("the kernel has not loaded overlay, and may have no module for it", "modprobe overlay");

    private static IEnumerable<SnapshotterCheckResult> Options(string? root, OverlayOptions options)
    {
        var features = OverlayFeatures.Detect(Existing(root ?? "/"));
        var flaws = options.Extra.Select(Flaw).OfType<SnapshotterCheckResult>().ToList();
        if (options.RemapIds && !features.IdMappedMounts)
            flaws.Add(SnapshotterCheckResult.Wrong("this kernel cannot map the ids of overlay mounts", "use Linux 5.19 or newer"));

        return flaws.Count > 0
            ? flaws
            : [SnapshotterCheckResult.Ok($"the kernel {(features.Index ? "supports" : "does not support")} index, {(features.UserXattr ? "needs" : "does not need")} userxattr and {(features.IdMappedMounts ? "can" : "cannot")} map ids")];
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
        if (Refusal(() => OverlayRoot.CheckPath(root), "choose another path") is { } refusal)
            return [refusal];

        // ROOT/snapshots may be a link to another disk.
        var existing = Existing(Path.Combine(root, "snapshots"));
        KernelErrors.ThrowIfFailed(Linux.Open(existing, OpenFlags.Directory, out var directory), $"cannot open \"{existing}\"");
        using (directory)
            return [FileSystem(existing, directory)];
    }

    private static SnapshotterCheckResult FileSystem(string path, SafeFileHandle directory)
    {
        if (OverlayRoot.IsOverlay(directory))
            return SnapshotterCheckResult.Wrong($"\"{path}\" is itself on an overlay, as in a container, and overlay mounts there fail", "choose a directory on ext4, xfs or btrfs");

        return DirectoryEntries.HaveTypes(directory)
            ? SnapshotterCheckResult.Ok($"the file system of \"{path}\" keeps the types of files (d_type)")
            : SnapshotterCheckResult.Wrong($"the file system of \"{path}\" does not keep the types of files (d_type)", "format xfs with ftype=1, or ext4 with the feature filetype");
    }

    /// <summary>Returns a directory, or the nearest one above it that exists.</summary>
    private static string Existing(string directory)
    {
        while (!Directory.Exists(directory))
            directory = Path.GetDirectoryName(directory) ?? "/";

        return directory;
    }
}
