using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Erofs.Layers;

/// <summary>Writes the contents of files, most of which follow each other, in large pieces.</summary>
internal sealed class DataWriter(SafeFileHandle image) : IDisposable
{
    private const int Length = 1 << 20, LongestGap = 4096;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(Length);
    private long _start; // Of the buffer, in the image.
    private int _used;

    /// <summary>Where the next bytes belong; never empty.</summary>
    public Memory<byte> Buffer
    {
        get
        {
            if (_used == Length)
                Flush();

            return _buffer.AsMemory(_used, Length - _used);
        }
    }

    /// <summary>Adds bytes that were put into the buffer.</summary>
    public void Advance(int count) => _used += count;

    /// <summary>Goes on at another position of the image.</summary>
    public void Seek(long position)
    {
        var gap = position - (_start + _used);
        if (gap is >= 0 and < LongestGap && gap <= Length - _used)
        {
            _buffer.AsSpan(_used, (int)gap).Clear();
            _used += (int)gap;
            return;
        }

        Flush();
        _start = position;
    }

    /// <summary>Writes what is in the buffer.</summary>
    public void Flush()
    {
        RandomAccess.Write(image, _buffer.AsSpan(0, _used), _start);
        _start += _used;
        _used = 0;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);
}
