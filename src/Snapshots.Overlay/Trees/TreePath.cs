namespace Containerd.Snapshots.Overlay;

/// <summary>Paths for people.</summary>
internal static class TreePath
{
    private const int MaxLength = 1000;

    /// <summary>The path of a name below some directories; the middle of a very long one is left out.</summary>
    public static string Of(IEnumerable<TreeLevel> levels, ReadOnlySpan<byte> name)
    {
        var above = string.Concat(levels.Select(level => SnapshotName.ForPeople(level.Name) + "/"));
        var path = name.SequenceEqual(".\0"u8) ? above.TrimEnd('/') : above + SnapshotName.ForPeople(name);
        return path.Length <= MaxLength ? path : $"{path[..(MaxLength / 2)]}[...]{path[^(MaxLength / 2)..]}";
    }
}
