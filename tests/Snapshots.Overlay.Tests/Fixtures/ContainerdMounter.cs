namespace Containerd.Snapshots.Tests.Fixtures;

/// <summary>Mounts as containerd's own mounter does: turns options into flags, and shortens lower directories.</summary>
internal static class ContainerdMounter
{
    private const ulong ReadOnly = 0x1, Remount = 0x20, Bind = 0x1000, Recursive = 0x4000;
    private const int Page = 4096, Margin = 512;

    /// <summary>Mounts a snapshot's mount at a new directory beside a disk, and returns the directory.</summary>
    public static string MountSnapshot(this MountedDisk disk, IReadOnlyList<Mount> mounts)
    {
        var target = disk.MountPoint();
        Mount(mounts.Single(), target);
        return target;
    }

    private static void Mount(Mount mount, string target)
    {
        var (flags, data) = Parse(mount.Options);
        var from = mount.Type == "overlay" && mount.Options.Sum(option => option.Length) >= Page - Margin ? Compact(data) : null;
        var text = string.Join(',', data);
        if (text.Length > Page)
            throw new AssertionException("mount options is too long");

        Kernel.Mount(from, mount.Source, target, mount.Type, flags, text);
        if ((flags & (Bind | ReadOnly)) == (Bind | ReadOnly))
            Kernel.Mount(null, "", target, "", flags | Remount, "");
    }

    private static (ulong Flags, List<string> Data) Parse(IReadOnlyList<string> options)
    {
        var (flags, data) = (0UL, new List<string>());
        foreach (var option in options)
        {
            switch (option)
            {
                case "ro": flags |= ReadOnly; break;
                case "rw": flags &= ~ReadOnly; break;
                case "rbind": flags |= Bind | Recursive; break;
                default: data.Add(option); break;
            }
        }

        return (flags, data);
    }

    // The common directory becomes the current one. If the names start alike, too, it is the directory above.
    private static string? Compact(List<string> data)
    {
        var index = data.FindIndex(option => option.StartsWith("lowerdir=", StringComparison.Ordinal));
        var lower = data[index]["lowerdir=".Length..].Split(':');
        var common = Path.GetDirectoryName(lower.Aggregate(CommonPrefix))!;

        data.RemoveAt(index);
        data.Add($"lowerdir={string.Join(':', lower.Select(directory => directory[(common.Length + 1)..]))}");
        return common;
    }

    private static string CommonPrefix(string one, string other) => one[..one.AsSpan().CommonPrefixLength(other)];
}
