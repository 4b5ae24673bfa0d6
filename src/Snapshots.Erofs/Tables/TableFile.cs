using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Erofs.Tables;

/// <summary>A verified table without compression, in a file that is deleted with it.</summary>
internal sealed class TableFile : IDisposable
{
    private readonly FileStream _file;

    /// <summary>Makes an empty file.</summary>
    /// <param name="path">The path; the file must not exist.</param>
    public TableFile(string path)
    {
        File.Delete(path);
        _file = new(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, bufferSize: 0);
        File.Delete(path); // From now on it goes with the process.
    }

    public SafeFileHandle Handle => _file.SafeFileHandle;

    /// <summary>The length of the table, in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Appends bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(Handle, bytes, Length);
        Length += bytes.Length;
    }

    /// <summary>Removes all bytes.</summary>
    public void Clear()
    {
        RandomAccess.SetLength(Handle, 0);
        Length = 0;
    }

    public void Dispose() => _file.Dispose();
}
