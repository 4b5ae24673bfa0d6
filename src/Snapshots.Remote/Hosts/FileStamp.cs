namespace Containerd.Snapshots.Remote.Hosts;

/// <summary>What tells that a file has changed since it was read.</summary>
/// <param name="Path">The file or folder.</param>
/// <param name="Changed">When it was changed last, or the epoch that .NET has for a file that does not exist.</param>
/// <param name="Length">Its length in bytes; -1 for a folder or nothing.</param>
internal readonly record struct FileStamp(string Path, DateTime Changed, long Length)
{
    public static FileStamp Of(string path)
    {
        var file = new FileInfo(path);
        return new(path, file.LastWriteTimeUtc, file.Exists ? file.Length : -1);
    }

    public bool IsCurrent => Of(Path) == this;
}
