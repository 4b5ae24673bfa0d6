using Containerd.Snapshots.Runtime.Model;

namespace Containerd.Snapshots;

/// <summary>
/// One mount that containerd makes to give a container, or an unpacker, a snapshot's content. Nothing is mounted by
/// the snapshotter itself: it only tells how. Immutable, with value equality.
/// </summary>
public sealed record Mount
{
    private readonly string _type = "";
    private readonly string _source = "";
    private readonly string _target = "";
    private readonly ValueList _options = ValueList.Empty;

    /// <summary>The type of file system, as for mount(2): <c>bind</c>, <c>overlay</c>, <c>erofs</c>, ...</summary>
    public required string Type
    {
        get => _type;
        init => _type = value ?? throw new ArgumentNullException(nameof(Type));
    }

    /// <summary>What is mounted: a directory, a device, or a name where the type ignores it. Paths are absolute.</summary>
    public string Source
    {
        get => _source;
        init => _source = value ?? throw new ArgumentNullException(nameof(Source));
    }

    /// <summary>A path below the mount point; empty, as nearly always, for the mount point itself.</summary>
    public string Target
    {
        get => _target;
        init => _target = value ?? throw new ArgumentNullException(nameof(Target));
    }

    /// <summary>The options, each as in fstab: <c>ro</c>, <c>rbind</c>, <c>lowerdir=...</c>. What is set here is copied.</summary>
    public IReadOnlyList<string> Options
    {
        get => _options;
        init => _options = ValueList.Of(value ?? throw new ArgumentNullException(nameof(Options)));
    }

    /// <summary>The options, for those who go through them without an enumerator.</summary>
    internal ReadOnlySpan<string> OptionValues => _options.AsSpan();

    /// <summary>A writable bind mount: what containerd expects of an active snapshot without a parent.</summary>
    /// <param name="directory">The snapshot's own directory, as an absolute path.</param>
    public static Mount Bind(string directory) =>
        new() { Type = "bind", Source = Absolute(directory), Options = ["rw", "rbind"] };

    /// <summary>A read-only bind mount: what containerd expects of a view without a parent, or with one alone.</summary>
    /// <param name="directory">The directory to show, as an absolute path.</param>
    public static Mount ReadOnlyBind(string directory) =>
        new() { Type = "bind", Source = Absolute(directory), Options = ["ro", "rbind"] };

    /// <summary>
    /// A writable overlay mount: what containerd expects of an active snapshot with a parent. containerd may write a
    /// layer straight into <paramref name="upper"/>.
    /// </summary>
    /// <param name="upper">The directory that takes the changes.</param>
    /// <param name="work">An empty directory beside it, on the same file system, for the kernel's own use.</param>
    /// <param name="lower">The parents' directories, the nearest parent first; at least one.</param>
    /// <param name="options">Further options, put in front: <c>index=off</c>, <c>userxattr</c>, <c>uidmap=...</c>.</param>
    /// <exception cref="ArgumentException">
    /// A path is not absolute, or has a comma or a backslash (or, below, a colon), which the kernel's options cannot carry.
    /// </exception>
    public static Mount Overlay(string upper, string work, IEnumerable<string> lower, params IEnumerable<string> options) =>
        Overlay([.. options, $"workdir={Option(work)}", $"upperdir={Option(upper)}", LowerDirectories(lower)]);

    /// <summary>A read-only overlay mount: what containerd expects of a view with two parents or more.</summary>
    /// <inheritdoc cref="Overlay(string, string, IEnumerable{string}, IEnumerable{string})"/>
    public static Mount ReadOnlyOverlay(IEnumerable<string> lower, params IEnumerable<string> options)
    {
        string[] directories = [.. lower];
        return directories.Length == 1
            ? throw new ArgumentException($"The kernel refuses a read-only overlay of one directory: use {nameof(ReadOnlyBind)}.", nameof(lower))
            : Overlay([.. options, LowerDirectories(directories)]);
    }

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
        ? throw new ArgumentException($"The lower directory \"{path}\" has a colon, which parts the directories of an overlay mount.")
        : path;

    private static string Option(string path) => Absolute(path).AsSpan().IndexOfAny(',', '\\') >= 0
        ? throw new ArgumentException($"The path \"{path}\" has a comma or a backslash, which mount options cannot carry.")
        : path;

    private static string Absolute(string path) => Path.IsPathRooted(path)
        ? path
        : throw new ArgumentException($"The path \"{path}\" is not absolute: containerd mounts it from another directory.");
}
