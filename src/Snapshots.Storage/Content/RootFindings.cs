using System.Text;
using Containerd.Snapshots.Shared;
using Containerd.Snapshots.Storage.Trees;

namespace Containerd.Snapshots.Storage.Content;

/// <summary>What is wrong or doubtful about a root directory, whatever the content. It reads only.</summary>
internal static class RootFindings
{
    // Of a copy of the store before an upgrade. SQLite adds the end to each path.
    private const string LongestName = "/store/metadata.db.v99.unfinished-journal";
    private const int MaxNames = 5;
    private const long Tmpfs = 0x01021994, Ramfs = 0x858458F6;

    /// <summary>The longest path of a root directory in bytes: SQLite opens no file with a path of more than 512 bytes.</summary>
    private static readonly int MaxLength = 512 - LongestName.Length;

    // Of the host, of the store, of the content, and of a new ext4.
    private static readonly string[] OwnNames = [".lock", "store", SnapshotName.Snapshots, "lost+found"];

    /// <summary>Why a snapshotter cannot work there, or null.</summary>
    /// <param name="root">The absolute path of the root directory, which need not exist.</param>
    public static SnapshotterCheckResult? RefusalOf(string root)
    {
        if (Path.TrimEndingDirectorySeparator(root) == "/")
            return Unfit(root, "it is the machine's root directory", "choose a directory that only the snapshotter uses");

        return LengthOf(root) > MaxLength
            ? Unfit(root, $"with links resolved, its path has {LengthOf(root)} bytes, and SQLite cannot open files with such long paths", $"choose a path of at most {MaxLength} bytes")
            : null;
    }

    /// <summary>Warns of what may be lost, and of files of something else.</summary>
    /// <param name="root">The absolute path of the root directory, which need not exist.</param>
    /// <param name="ownNames">Names that belong to the content.</param>
    public static IEnumerable<SnapshotterCheckResult> WarningsOf(string root, IReadOnlyCollection<string> ownNames) =>
        [.. InMemory(root), .. BesideStore(root, ownNames)];

    /// <summary>Warns of names in ROOT/snapshots that are not a snapshot's.</summary>
    /// <param name="root">The absolute path of the root directory, which need not exist.</param>
    public static IEnumerable<SnapshotterCheckResult> WarningsOfContent(string root)
    {
        var path = Path.Combine(root, SnapshotName.Snapshots);
        var foreign = NamesIn(path, static name => SnapshotName.NumberOf(name) is null);
        if (foreign.Count > 0)
            yield return SnapshotterCheckResult.Warning($"\"{path}\" has names that are not a snapshot's: {Listed(foreign)}", "move them elsewhere; the snapshotter never removes them");
    }

    private static IEnumerable<SnapshotterCheckResult> InMemory(string root)
    {
        // ROOT/snapshots may be a link to another file system.
        string[] paths = [root, Path.Combine(root, SnapshotName.Snapshots)];
        if (paths.FirstOrDefault(static path => TypeOf(path) is Tmpfs or Ramfs) is { } path)
            yield return SnapshotterCheckResult.Warning($"\"{path}\" is in memory (tmpfs): the next reboot loses all snapshots, of which containerd still knows", "choose a directory on a disk");
    }

    // Content may have files of its own there, once the snapshotter has run.
    private static IEnumerable<SnapshotterCheckResult> BesideStore(string root, IReadOnlyCollection<string> ownNames)
    {
        if (File.Exists(Path.Combine(root, "metadata.db")) || Directory.Exists(Path.Combine(root, "store")))
            yield break;

        var foreign = NamesIn(root, name => !IsOwn(TreePath.Printable(name)) && !ownNames.Contains(TreePath.Printable(name)));
        if (foreign.Count > 0)
            yield return SnapshotterCheckResult.Warning($"\"{root}\" has files of something else: {Listed(foreign)}", "choose a directory that only the snapshotter uses");
    }

    // With SQLite's files beside the store's.
    private static bool IsOwn(string name) => OwnNames.Contains(name) || name.StartsWith("metadata.db", StringComparison.Ordinal);

    private static List<string> NamesIn(string path, NameTest isForeign)
    {
        List<string> names = [];
        if (Linux.Open(path, OpenFlags.Directory, out var directory) == 0)
        {
            var entries = new DirectoryEntries(directory, new byte[32 * 1024]);
            while (entries.MoveNext())
            {
                if (isForeign(entries.Name))
                    names.Add(TreePath.Printable(entries.Name));
            }
        }

        directory.Dispose();
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    private static string Listed(List<string> names)
    {
        var listed = string.Join(", ", names.Take(MaxNames).Select(name => $"\"{name}\""));
        return names.Count > MaxNames ? $"{listed} and {names.Count - MaxNames} more" : listed;
    }

    private static long TypeOf(string path)
    {
        var error = Linux.Open(path, OpenFlags.Directory, out var directory);
        using (directory)
            return error == 0 && Linux.LookAtFileSystem(directory, out var status) == 0 ? status.Type : 0;
    }

    // SQLite resolves links.
    private static int LengthOf(string root)
    {
        var path = Path.TrimEndingDirectorySeparator(root);
        var error = Linux.Open(path, OpenFlags.Directory | OpenFlags.PathOnly, out var directory);
        using (directory)
        {
            var real = error == 0 ? File.ResolveLinkTarget($"/proc/self/fd/{directory.DangerousGetHandle()}", returnFinalTarget: false)?.FullName : null;
            return Encoding.UTF8.GetByteCount(real ?? path);
        }
    }

    private static SnapshotterCheckResult Unfit(string root, string why, string remedy) =>
        SnapshotterCheckResult.Wrong($"cannot use the root directory \"{root}\": {why}", remedy);

    private delegate bool NameTest(ReadOnlySpan<byte> name);
}
