namespace Containerd.Snapshots.Overlay.Mounts;

/// <summary>Refuses options that would make another mount than the one that was meant.</summary>
internal static class MountOptionCheck
{
    // Which directories are mounted is not an operator's choice.
    private static readonly string[] Directories = ["lowerdir", "lowerdir+", "datadir+", "upperdir", "workdir"];

    // containerd's mounter takes these as flags or for itself. A read-only mount from Prepare means "I have supplied
    // this layer" to containerd 2.4.
    private static readonly string[] Containerds = ["ro", "rw", "bind", "rbind", "remount", "loop", "uidmap", "gidmap"];

    /// <exception cref="SnapshotterException">InvalidArgument: the text names the option.</exception>
    public static void Check(string option)
    {
        if (string.IsNullOrEmpty(option))
            throw SnapshotterException.InvalidArgument("an overlay mount option is empty");
        if (option.Any(character => character is ',' || char.IsControl(character)))
            throw Refused(option, "it has a comma or a control character; give each option by itself");

        var name = option.Split('=')[0];
        if (Directories.Contains(name))
            throw Refused(option, "the snapshotter chooses the directories");
        if (Containerds.Contains(name))
            throw Refused(option, "the snapshotter and containerd decide that");
    }

    private static SnapshotterException Refused(string option, string why) =>
        SnapshotterException.InvalidArgument($"the overlay mount option \"{option}\" cannot be used: {why}");
}
