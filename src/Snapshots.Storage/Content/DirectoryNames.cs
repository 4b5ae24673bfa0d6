using Containerd.Snapshots.Shared;
using Containerd.Snapshots.Storage.Trees;

namespace Containerd.Snapshots.Storage.Content;

/// <summary>The names in the directory of all snapshots.</summary>
internal static class DirectoryNames
{
    /// <summary>Lists the numbers, and the names that are not a snapshot's.</summary>
    /// <exception cref="SnapshotterException">Unavailable: another directory is in its place.</exception>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    public static ContentListing List(SnapshotsDirectory snapshots)
    {
        snapshots.ThrowIfReplaced();
        List<long> numbers = [];
        List<string> foreign = [];

        // A handle keeps the position of the reading, and on btrfs the names that existed when it was opened.
        KernelErrors.ThrowIfFailed(Linux.OpenDirectory(snapshots.Handle, ".\0"u8, out var directory), CannotRead(snapshots.Path));
        using (directory)
        {
            var entries = new DirectoryEntries(directory, new byte[32 * 1024]);
            while (entries.MoveNext())
            {
                if (SnapshotName.NumberOf(entries.Name) is { } number)
                    numbers.Add(number);
                else
                    foreign.Add(TreePath.Printable(entries.Name));
            }

            KernelErrors.ThrowIfFailed(entries.Error, CannotRead(snapshots.Path));
        }

        return new(numbers, foreign);
    }

    private static string CannotRead(string path) => $"cannot read the directory \"{path}\"";
}
