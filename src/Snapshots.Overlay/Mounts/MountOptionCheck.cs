namespace Containerd.Snapshots.Overlay.Mounts;

/// <summary>Refuses mount options that would change what is mounted.</summary>
internal static class MountOptionCheck
{
    // The snapshotter chooses the directories.
    private static readonly string[] Directories = ["lowerdir", "lowerdir+", "datadir+", "upperdir", "workdir"];

    // containerd's mounter turns these into flags, or uses them itself. A read-only mount from Prepare tells containerd 2.4
    // that the layer exists already.
    private static readonly string[] Containerds = ["ro", "rw", "bind", "rbind", "remount", "loop", "uidmap", "gidmap"];

    /// <exception cref="SnapshotterException">InvalidArgument; the message names the option.</exception>
    public static void Check(string option)
    {
        if (string.IsNullOrEmpty(option))
            throw SnapshotterException.InvalidArgument("an overlay mount option is empty");
        if (option.Any(character => character is ',' || char.IsControl(character)))
            throw Refused(option, "it has a comma or a control character; give each option separately");

        var name = option.Split('=')[0];
        if (Directories.Contains(name))
            throw Refused(option, "the snapshotter chooses the directories");
        if (Containerds.Contains(name))
            throw Refused(option, "the snapshotter and containerd set it");
    }

    private static SnapshotterException Refused(string option, string why) =>
        SnapshotterException.InvalidArgument($"the overlay mount option \"{option}\" cannot be used: {why}");
}
