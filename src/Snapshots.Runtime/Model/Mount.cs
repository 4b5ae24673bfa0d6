using Containerd.Snapshots.Runtime.Model;

namespace Containerd.Snapshots;

/// <summary>
/// One mount of a snapshot's content, in the answer of Mounts, Prepare or View. containerd makes the mount, for a
/// container or to unpack a layer; the snapshotter mounts nothing itself. Immutable, with value equality.
/// </summary>
public sealed record Mount
{
    private readonly string _type = "";
    private readonly string _source = "";
    private readonly string _target = "";
    private readonly ValueList _options = ValueList.Empty;

    /// <summary>The file system type, as in mount(2): <c>bind</c>, <c>overlay</c>, <c>erofs</c>, ...</summary>
    public required string Type
    {
        get => _type;
        init => _type = value ?? throw new ArgumentNullException(nameof(Type));
    }

    /// <summary>The source: a directory, a device, or any name if the type ignores it. Paths are absolute.</summary>
    public string Source
    {
        get => _source;
        init => _source = value ?? throw new ArgumentNullException(nameof(Source));
    }

    /// <summary>A path below the mount point; empty (the usual case) for the mount point itself.</summary>
    public string Target
    {
        get => _target;
        init => _target = value ?? throw new ArgumentNullException(nameof(Target));
    }

    /// <summary>The options, as in fstab: <c>ro</c>, <c>rbind</c>, <c>lowerdir=...</c>. The list is copied.</summary>
    public IReadOnlyList<string> Options
    {
        get => _options;
        init => _options = ValueList.Of(value ?? throw new ArgumentNullException(nameof(Options)));
    }

    /// <summary>The options, to enumerate without an allocation.</summary>
    internal ReadOnlySpan<string> OptionValues => _options.AsSpan();

    /// <summary>A writable bind mount, which containerd expects for an active snapshot without a parent.</summary>
    /// <param name="directory">The snapshot's own directory, as an absolute path.</param>
    public static Mount Bind(string directory) =>
        new() { Type = "bind", Source = Absolute(directory), Options = ["rw", "rbind"] };

    /// <summary>A read-only bind mount, which containerd expects for a view with at most one parent.</summary>
    /// <param name="directory">The directory to show, as an absolute path.</param>
    public static Mount ReadOnlyBind(string directory) =>
        new() { Type = "bind", Source = Absolute(directory), Options = ["ro", "rbind"] };

    /// <summary>The bind mount of a snapshot: writable for an active snapshot, read-only for a view.</summary>
    /// <param name="kind">The snapshot's kind.</param>
    /// <param name="directory">The directory to show, as an absolute path.</param>
    /// <exception cref="SnapshotterException">FailedPrecondition: a committed snapshot has no mounts.</exception>
    public static Mount Bind(SnapshotKind kind, string directory) => IsWritable(kind) ? Bind(directory) : ReadOnlyBind(directory);

    /// <summary>
    /// The mount of a file system in a file, through a loop device that containerd sets up: writable for an active snapshot,
    /// read-only for a view.
    /// </summary>
    /// <param name="kind">The snapshot's kind.</param>
    /// <param name="file">The file, as an absolute path.</param>
    /// <param name="fileSystem">The type of the file system, such as <c>ext4</c>.</param>
    /// <param name="options">Further options, placed last.</param>
    /// <exception cref="SnapshotterException">FailedPrecondition: a committed snapshot has no mounts.</exception>
    public static Mount Loop(SnapshotKind kind, string file, string fileSystem, params IEnumerable<string> options) =>
        new() { Type = fileSystem, Source = Absolute(file), Options = [IsWritable(kind) ? "rw" : "ro", "loop", .. options] };

    /// <summary>
    /// A writable overlay mount, which containerd expects for an active snapshot with a parent. containerd may write a
    /// layer directly into <paramref name="upper"/>.
    /// </summary>
    /// <param name="upper">The directory for the changes.</param>
    /// <param name="work">An empty directory on the same file system as <paramref name="upper"/>, for the kernel's use.</param>
    /// <param name="lower">The parents' directories, the nearest parent first; at least one.</param>
    /// <param name="options">Further options, placed first: <c>index=off</c>, <c>userxattr</c>, <c>uidmap=...</c>.</param>
    /// <exception cref="ArgumentException">
    /// A path is not absolute, has a comma or a backslash, or is a lower directory with a colon: mount options cannot carry
    /// them. Or <paramref name="lower"/> is empty.
    /// </exception>
    public static Mount Overlay(string upper, string work, IEnumerable<string> lower, params IEnumerable<string> options) =>
        Overlay([.. options, $"workdir={Option(work)}", $"upperdir={Option(upper)}", LowerDirectories(lower)]);

    /// <summary>A read-only overlay mount, which containerd expects for a view with two parents or more.</summary>
    /// <inheritdoc cref="Overlay(string, string, IEnumerable{string}, IEnumerable{string})"/>
    public static Mount ReadOnlyOverlay(IEnumerable<string> lower, params IEnumerable<string> options)
    {
        string[] directories = [.. lower];
        return directories.Length == 1
            ? throw new ArgumentException($"The kernel refuses a read-only overlay of one directory: use {nameof(ReadOnlyBind)}.", nameof(lower))
            : Overlay([.. options, LowerDirectories(directories)]);
    }

    private static bool IsWritable(SnapshotKind kind) => kind switch
    {
        SnapshotKind.Active => true,
        SnapshotKind.View => false,
        SnapshotKind.Committed => throw SnapshotterException.FailedPrecondition("a committed snapshot has no mounts"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "only active snapshots and views have mounts"),
    };

    private static Mount Overlay(IReadOnlyList<string> options) =>
        new() { Type = "overlay", Source = "overlay", Options = options };

    private static string LowerDirectories(IEnumerable<string> lower)
    {
        string[] directories = [.. lower.Select(LowerDirectory)];
        if (directories.Length == 0)
            throw new ArgumentException("An overlay mount needs at least one lower directory.", nameof(lower));

        return $"lowerdir={string.Join(':', directories)}";
    }

    private static string LowerDirectory(string path) => Option(path).Contains(':', StringComparison.Ordinal)
        ? throw new ArgumentException($"The lower directory \"{path}\" has a colon, which separates the directories of an overlay mount.")
        : path;

    private static string Option(string path) => Absolute(path).AsSpan().IndexOfAny(',', '\\') >= 0
        ? throw new ArgumentException($"The path \"{path}\" has a comma or a backslash, which mount options cannot carry.")
        : path;

    private static string Absolute(string path) => Path.IsPathRooted(path)
        ? path
        : throw new ArgumentException($"The path \"{path}\" is not absolute: containerd has another working directory.");
}
