using System.Globalization;
using Containerd.Snapshots;
using Containerd.Snapshots.Storage;

namespace MyNamespace;

/// <summary>
/// What the snapshots contain: directories, ROOT/snapshots/NUMBER, each of which begins as a copy of its parent's. They work on
/// every file system, and take the space of a copy for each layer and each container. The members are called concurrently, each
/// for another number.
/// </summary>
internal sealed class MyContent(string root) : ISnapshotContent
{
    private readonly string _snapshots = Directory.CreateDirectory(Path.Combine(root, "snapshots")).FullName;

    // What is on disk, also what a crash has left half made. Content that no snapshot has is removed.
    public ContentListing List() => new(
        [.. Directory.EnumerateDirectories(_snapshots).Select(path => long.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture))]);

    // When this returns, the content is on disk. If it fails, RemoveAsync removes what it left.
    public async ValueTask MakeAsync(StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        var path = PathOf(snapshot.Number);
        if (snapshot.Parents.Count == 0 || ShowsParent(snapshot))
            Directory.CreateDirectory(path).UnixFileMode = (UnixFileMode)0b111_101_101; // 0755, as the root of a file system has it.
        else
            await SnapshotTool.RunAsync(["cp", "--archive", PathOf(snapshot.Parents[0]), path], cancellationToken).ConfigureAwait(false);

        await SealAsync(snapshot, cancellationToken).ConfigureAwait(false);
    }

    // Runs before a commit, so that a committed layer is on disk.
    public async ValueTask SealAsync(StoredSnapshot snapshot, CancellationToken cancellationToken) =>
        await SnapshotTool.RunAsync(["sync", "--file-system", PathOf(snapshot.Number)], cancellationToken).ConfigureAwait(false);

    // How containerd reaches the files: writable for an active snapshot, read-only for a view.
    public IReadOnlyList<Mount> Mounts(StoredSnapshot snapshot) =>
        [Mount.Bind(snapshot.Info.Kind, PathOf(ShowsParent(snapshot) ? snapshot.Parents[0] : snapshot.Number))];

    public async ValueTask<SnapshotUsage> MeasureAsync(StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        var path = PathOf(snapshot.Number);
        return new(await CountAsync("--block-size=1").ConfigureAwait(false), await CountAsync("--inodes").ConfigureAwait(false));

        async Task<long> CountAsync(string unit)
        {
            var output = await SnapshotTool.RunAsync(["du", "--summarize", unit, path], cancellationToken).ConfigureAwait(false);
            return long.Parse(output.Split('\t')[0], CultureInfo.InvariantCulture);
        }
    }

    // May be called twice, and for content that does not exist. A longer removal stops at cancellationToken; the next start goes on.
    public ValueTask<RemovalReport?> RemoveAsync(long number, CancellationToken cancellationToken)
    {
        if (Directory.Exists(PathOf(number)))
            Directory.Delete(PathOf(number), recursive: true);

        return default;
    }

    // A view needs no copy.
    private static bool ShowsParent(StoredSnapshot snapshot) => snapshot.Info.Kind == SnapshotKind.View && snapshot.Parents.Count > 0;

    private string PathOf(long number) => Path.Combine(_snapshots, number.ToString(CultureInfo.InvariantCulture));
}
