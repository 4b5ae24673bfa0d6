using System.Diagnostics;
using System.IO.Enumeration;
using Containerd.Snapshots;

namespace MyNamespace;

/// <summary>A directory with its content.</summary>
internal static class FileTree
{
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = 0 };

    /// <summary>Makes an empty directory with mode 0755, as the root of a file system has it.</summary>
    public static void Create(string directory) =>
        Directory.CreateDirectory(directory).UnixFileMode = (UnixFileMode)0b111_101_101;

    /// <summary>
    /// Copies a directory to a new path. It uses cp, which also copies owners, links, devices and extended attributes, and
    /// shares blocks on file systems that support it.
    /// </summary>
    public static async Task CopyAsync(string from, string to, CancellationToken cancellationToken)
    {
        using var copy = Process.Start(new ProcessStartInfo("cp", ["--archive", "--no-target-directory", from, to]) { RedirectStandardError = true })!;
        try
        {
            var error = await copy.StandardError.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            await copy.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            if (copy.ExitCode != 0)
                throw new IOException($"cannot copy \"{from}\": {error.Trim()}");
        }
        catch (OperationCanceledException)
        {
            copy.Kill();
            await copy.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Adds up the files' lengths. For production, measure allocated blocks, and count hard links once.</summary>
    public static SnapshotUsage Measure(string directory)
    {
        return new FileSystemEnumerable<long>(directory, SizeOf, Everything) { ShouldRecursePredicate = IsNoLink }
            .Aggregate(new SnapshotUsage(0, 1), (usage, size) => new(usage.Size + size, usage.Inodes + 1));

        // Links are not followed: they can lead anywhere.
        static long SizeOf(ref FileSystemEntry entry) => IsNoLink(ref entry) && !entry.IsDirectory ? entry.Length : 0;
        static bool IsNoLink(ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint);
    }
}
