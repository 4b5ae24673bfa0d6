using System.Buffers;

namespace Containerd.Snapshots.Erofs.Tables;

/// <summary>Compares what is written with what a file has, and changes nothing.</summary>
/// <param name="file">The file; it stays open.</param>
internal sealed class ComparingStream(FileStream file) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => file.Length;

    public override long Position { get; set; }

    /// <exception cref="InvalidDataException">The file has other bytes.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(buffer.Length);
        while (buffer.Length > 0)
        {
            var read = RandomAccess.Read(file.SafeFileHandle, bytes.AsSpan(0, buffer.Length), Position);
            if (read == 0 || !bytes.AsSpan(0, read).SequenceEqual(buffer[..read]))
                throw Unequal();

            buffer = buffer[read..];
            Position += read;
        }

        ArrayPool<byte>.Shared.Return(bytes);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>The metadata of the archive is not the one of the table.</summary>
    public static InvalidDataException Unequal() => new("the layer's table of contents lists other files than its archive has: names, attributes, lengths or order differ");
}
