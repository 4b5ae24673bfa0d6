using System.Buffers;
using Containerd.Snapshots.Erofs.Chunks;
using ZstdSharp;

namespace Containerd.Snapshots.Erofs;

/// <summary>Fetches the chunks of a layer from its blob: one request for a run of chunks, which is unpacked while it is read.</summary>
/// <param name="kind">The kind of the layer's table.</param>
/// <param name="open">Opens parts of the layer.</param>
public sealed class LayerChunkSource(LayerTableKind kind, OpenBlobRange open) : IChunkSource
{
    private const int SkipLength = 32 << 10;

    /// <inheritdoc/>
    public async ValueTask FetchAsync(IReadOnlyList<LazyChunk> chunks, ChunkRequest request, ChunkReceiver receive, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        ArgumentNullException.ThrowIfNull(receive);
        ArgumentOutOfRangeException.ThrowIfZero(chunks.Count);
        var blob = await open(chunks[0].BlobOffset, chunks[^1].BlobEnd, request, cancellationToken).ConfigureAwait(false);
        await using var _ = blob.ConfigureAwait(false);
        using var run = new BlobRun(blob, chunks[0].BlobOffset, kind == LayerTableKind.EStargz);
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(SkipLength, chunks.Max(chunk => chunk.Length)));
        try
        {
            for (var first = 0; first < chunks.Count;)
                first = await UnpackAsync(run, chunks, first, buffer, receive, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ZstdException or EndOfStreamException)
        {
            throw new InvalidDataException($"the layer's content is damaged: {exception.Message}", exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // All chunks of a member; returns the first chunk of the next one.
    private static async ValueTask<int> UnpackAsync(
        BlobRun run, IReadOnlyList<LazyChunk> chunks, int first, byte[] buffer, ChunkReceiver receive, CancellationToken cancellationToken)
    {
        var member = await run.OpenAsync(chunks[first].BlobOffset, chunks[first].BlobEnd, cancellationToken).ConfigureAwait(false);
        await using var _ = member.ConfigureAwait(false);
        var (index, position) = (first, 0L);
        for (; index < chunks.Count && chunks[index].BlobOffset == chunks[first].BlobOffset; index++)
        {
            var chunk = chunks[index];
            for (; position < chunk.InnerOffset; position += Math.Min(SkipLength, chunk.InnerOffset - position))
                await member.ReadExactlyAsync(buffer.AsMemory(0, (int)Math.Min(SkipLength, chunk.InnerOffset - position)), cancellationToken).ConfigureAwait(false);

            await member.ReadExactlyAsync(buffer.AsMemory(0, chunk.Length), cancellationToken).ConfigureAwait(false);
            position += chunk.Length;
            receive(index, buffer.AsSpan(0, chunk.Length));
        }

        return index;
    }
}
