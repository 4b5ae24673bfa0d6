using System.Buffers;
using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Erofs.Layers;

/// <summary>Writes the contents of files, most of which follow each other, in large pieces.</summary>
/// <param name="image">The file of the image.</param>
internal sealed class DataWriter(SafeFileHandle image) : IContentSink, IDisposable
{
    private const int Length = 256 << 10, LongestGap = 4096;

    // The kernel begins to write after this many bytes, so that the disk is busy all the time, and syncing has little to do.
    private const long WriteBack = 8 << 20;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(Length);
    private long _start; // Of the buffer, in the image.
    private int _used;
    private long _begun;

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_used == Length)
                Flush();

            var part = bytes[..Math.Min(bytes.Length, Length - _used)];
            part.CopyTo(_buffer.AsSpan(_used));
            _used += part.Length;
            bytes = bytes[part.Length..];
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        RandomAccess.Write(image, _buffer.AsSpan(0, _used), _start);
        _start += _used;
        _used = 0;
        if (_start - _begun < WriteBack)
            return;

        _ = Linux.BeginWriting(image, _begun, _start - _begun); // Only a hint: syncing reports errors.
        _begun = _start;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);
}
