using Containerd.Snapshots.Storage;

namespace Containerd.Snapshots.Tests.Storage.Fixtures;

internal static class MakingDirectories
{
    /// <summary>Makes a snapshot's empty directory.</summary>
    public static Task MakeAsync(
        this SnapshotDirectories directories,
        long number,
        IReadOnlyList<long>? parents = null,
        IReadOnlyDictionary<string, string>? labels = null) =>
        directories.MakeEmptyAsync(number, parents ?? [], labels ?? Labels.None, CancellationToken.None).AsTask();
}
