namespace Samples.Lazy.Pulling;

/// <summary>
/// A layer as it arrives. Says when its first bytes are there, and goes on when the layer's turn comes.
/// </summary>
internal sealed class FirstBytes(Stream layer, Func<Task> arrived, Action<int> count) : Stream
{
    private bool _hasArrived;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await layer.ReadAsync(buffer, cancellationToken);
        count(read);
        if (!_hasArrived)
        {
            _hasArrived = true;
            await arrived();
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
