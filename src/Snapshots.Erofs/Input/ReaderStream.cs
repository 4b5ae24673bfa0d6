namespace Containerd.Snapshots.Erofs.Input;

/// <summary>The rest of a reader as a stream.</summary>
/// <param name="reader">The reader; it is not disposed with the stream.</param>
internal sealed class ReaderStream(HashedReader reader) : ReadOnlyStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return 0;

        var taken = await reader.TakeAsync(buffer.Length, cancellationToken).ConfigureAwait(false);
        taken.CopyTo(buffer);
        return taken.Length;
    }
}
