using System.Collections;

namespace Containerd.Snapshots.Erofs.Tables;

/// <summary>
/// The chunks of a layer as they are added, in the order of the blob: no chunk is in another's bytes. A member ends where the
/// next one begins that the table knows.
/// </summary>
/// <param name="contentEnd">Where the contents end in the blob.</param>
internal sealed class ChunkList(long contentEnd) : IReadOnlyCollection<LazyChunk>
{
    // Arrays of this length are no large objects.
    private const int PartLength = 1000;

    // The unpacked bytes before a chunk have to be unpacked for it.
    private const long MaxInnerOffset = 64 << 20;

    private const int MaxCount = 4_000_000;

    private readonly List<LazyChunk[]> _parts = [];
    private int _group; // The first chunk of the member that is not ended.
    private long _member = -1, _inner, _end;

    public int Count { get; private set; }

    /// <summary>Adds a chunk, or zeros that need none.</summary>
    /// <param name="chunk">The chunk; its end in the blob is not known yet.</param>
    /// <param name="length">Its length, in bytes; also of zeros.</param>
    /// <param name="isZeros">Whether it is zeros, which are in the image already.</param>
    /// <exception cref="InvalidDataException">It is not where it should be.</exception>
    public void Add(LazyChunk chunk, long length, bool isZeros)
    {
        if (_member < 0 || chunk.BlobOffset != _member)
            BeginMember(chunk.BlobOffset);
        if (chunk.InnerOffset < _inner || chunk.InnerOffset > MaxInnerOffset)
            throw Damaged($"the content at {chunk.BlobOffset} is {chunk.InnerOffset} bytes in, and the one before ends at {_inner}; at most {MaxInnerOffset} are possible");

        _inner = chunk.InnerOffset + length;
        if (!isZeros)
            Add(chunk);
    }

    /// <summary>The last file ends here in the blob.</summary>
    /// <exception cref="InvalidDataException">It cannot end there.</exception>
    public void EndFile(long blobOffset)
    {
        if (blobOffset <= _member || blobOffset > contentEnd)
            throw Damaged($"the content at {_member} ends at {blobOffset}, and all contents end at {contentEnd}");

        EndMember(blobOffset);
        (_end, _member) = (blobOffset, -1);
    }

    /// <summary>No more chunks follow.</summary>
    public void End() => EndMember(contentEnd);

    public IEnumerator<LazyChunk> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return At(i);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void BeginMember(long start)
    {
        if (start < _end || start <= _member || start >= contentEnd)
            throw Damaged($"content is at {start}, not between {Math.Max(_end, _member + 1)} and {contentEnd}: contents have the order of the files, and follow each other");

        EndMember(start);
        (_member, _inner) = (start, 0);
    }

    private void EndMember(long end)
    {
        for (; _group < Count; _group++)
            At(_group) = At(_group) with { BlobEnd = end };
    }

    private void Add(in LazyChunk chunk)
    {
        if (Count == MaxCount)
            throw new InvalidDataException($"the layer's table of contents has more than {MaxCount} chunks, which is the limit");
        if (Count % PartLength == 0)
            _parts.Add(new LazyChunk[PartLength]);

        Count++;
        At(Count - 1) = chunk;
    }

    private ref LazyChunk At(int index) => ref _parts[index / PartLength][index % PartLength];

    private static InvalidDataException Damaged(string how) => new($"the layer's table of contents is damaged: {how}");
}
