using System.Diagnostics;
using System.IO.Enumeration;
using Containerd.Snapshots;

namespace MyNamespace;

/// <summary>A directory with all that is in it.</summary>
internal static class FileTree
{
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = 0 };

    /// <summary>Makes an empty one that everyone may enter, as the root of a file system is.</summary>
    public static void Create(string directory) =>
        Directory.CreateDirectory(directory).UnixFileMode = (UnixFileMode)0b111_101_101;

    /// <summary>
    /// Copies one, to where nothing is yet. By cp, since owners, links, devices and extended attributes are copied
    /// too, and on some file systems it shares blocks instead of copying them.
    /// </summary>
    public static async Task CopyAsync(string from, string to, CancellationToken cancellationToken)
    {
        using var copy = Process.Start(new ProcessStartInfo("cp", ["--archive", "--no-target-directory", from, to]) { RedirectStandardError = true })!;
        try
        {
            var error = await copy.StandardError.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            await copy.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            if (copy.ExitCode != 0)
                throw new IOException($"\"{from}\" could not be copied: {error.Trim()}");
        }
        catch (OperationCanceledException)
        {
            copy.Kill();
            await copy.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Bytes as programs see them; production asks for allocated blocks, and counts hard links once.</summary>
    public static SnapshotUsage Measure(string directory)
    {
        return new FileSystemEnumerable<long>(directory, SizeOf, Everything) { ShouldRecursePredicate = IsNoLink }
            .Aggregate(new SnapshotUsage(0, 1), (usage, size) => new(usage.Size + size, usage.Inodes + 1));

        // Links are not followed: they lead anywhere.
        static long SizeOf(ref FileSystemEntry entry) => IsNoLink(ref entry) && !entry.IsDirectory ? entry.Length : 0;
        static bool IsNoLink(ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint);
    }
}
