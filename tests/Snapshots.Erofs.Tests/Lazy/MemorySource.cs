using System.Collections.Concurrent;
using Containerd.Snapshots.Erofs;

namespace Containerd.Snapshots.Tests.Erofs.Lazy;

/// <summary>A layer in memory whose members are not compressed: the blob has the chunks' bytes, one after the other.</summary>
internal sealed class MemorySource(byte[] blob) : IChunkSource
{
    private readonly ConcurrentQueue<(IReadOnlyList<LazyChunk> Chunks, ChunkRequest Request)> _calls = new();

    /// <summary>Waited for by each call; completed unless a test sets another.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Changes what is sent, by the number of the call and the index of the chunk; null to send nothing.</summary>
    public Func<int, LazyChunk, ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?>? Change { get; set; }

    /// <summary>Thrown by a call, by its number; null for none.</summary>
    public Func<int, Exception?>? Fault { get; set; }

    /// <summary>The runs that were asked for.</summary>
    public IReadOnlyList<(IReadOnlyList<LazyChunk> Chunks, ChunkRequest Request)> Calls => [.. _calls];

    public async ValueTask FetchAsync(IReadOnlyList<LazyChunk> chunks, ChunkRequest request, ChunkReceiver receive, CancellationToken cancellationToken)
    {
        int number;
        lock (_calls)
        {
            number = _calls.Count;
            _calls.Enqueue(([.. chunks], request));
        }

        await Gate.WaitAsync(cancellationToken);
        if (Fault?.Invoke(number) is { } fault)
            throw fault;

        for (var i = 0; i < chunks.Count; i++)
        {
            ReadOnlyMemory<byte>? content = blob.AsMemory((int)chunks[i].BlobOffset, chunks[i].Length);
            if (Change is not null)
                content = Change(number, chunks[i], content.Value);
            if (content is not null)
                receive(i, content.Value.Span);
        }
    }
}
