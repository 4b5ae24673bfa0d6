using Containerd.Snapshots.Shared;
using Containerd.Snapshots.Storage.Trees;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Storage.Content;

/// <summary>The names in the directory of all snapshots.</summary>
internal static class DirectoryNames
{
    /// <summary>Lists the numbers, and the names that are not a snapshot's.</summary>
    /// <param name="snapshots">The directory of all snapshots.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    public static ContentListing List(SafeFileHandle snapshots, string path)
    {
        List<long> numbers = [];
        List<string> foreign = [];

        // A handle keeps the position of the reading, and on btrfs the names that existed when it was opened.
        KernelErrors.ThrowIfFailed(Linux.OpenDirectory(snapshots, ".\0"u8, out var directory), CannotRead(path));
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

            KernelErrors.ThrowIfFailed(entries.Error, CannotRead(path));
        }

        return new(numbers, foreign);
    }

    private static string CannotRead(string path) => $"cannot read the directory \"{path}\"";
}
