using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Erofs.Lazy;

/// <summary>
/// The chunks of an image, sorted by their offsets, in a file. Only every 64th offset is in memory; a lookup reads one block of
/// the file.
/// </summary>
/// <remarks>
/// The file has a header of 64 bytes (magic, version, count of chunks, length of the image, a random number, SHA-256 of all else)
/// and 72 bytes for each chunk, little-endian. It is written once, under another name first. The random number keeps notes of
/// stored chunks from being taken for those of a table that was made anew.
/// </remarks>
internal sealed class ChunkTable : IDisposable
{
    /// <summary>The most chunks of an image.</summary>
    public const int MaxCount = 4_000_000;

    private const ulong Magic = 0x31_4B_4E_48_43_5A_4C_45; // "ELZCHNK1"
    private const uint Version = 1;
    private const int HeaderLength = 64, RandomOffset = 24, HashOffset = 32, BlockCount = 64;

    private readonly SafeFileHandle _file;
    private readonly long[] _starts;

    private ChunkTable(SafeFileHandle file, int count, long imageLength)
    {
        (_file, Count, ImageLength) = (file, count, imageLength);
        _starts = new long[(count + BlockCount - 1) / BlockCount];
    }

    /// <summary>The number of chunks.</summary>
    public int Count { get; }

    /// <summary>The length of the image, in bytes.</summary>
    public long ImageLength { get; }

    /// <summary>The hash of the table, which the file of the present chunks refers to.</summary>
    public ChunkDigest Hash { get; private set; }

    /// <summary>Writes a table.</summary>
    /// <param name="path">The path.</param>
    /// <param name="chunks">The chunks, sorted by their offsets.</param>
    /// <param name="imageLength">The length of the image, in bytes.</param>
    /// <param name="syncs">Whether it is on the disk when the method returns; its name is not.</param>
    /// <exception cref="InvalidDataException">The chunks are not sorted, overlap, or one of them is impossible.</exception>
    public static void Create(string path, IEnumerable<LazyChunk> chunks, long imageLength, bool syncs)
    {
        var temporary = path + ".new";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 256 << 10))
        {
            Write(file, chunks, imageLength);
            file.Flush(flushToDisk: syncs);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Opens a table and checks it.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or another version wrote it.</exception>
    public static ChunkTable Open(string path)
    {
        var file = File.OpenHandle(path);
        try
        {
            Span<byte> header = stackalloc byte[HeaderLength];
            if (RandomAccess.Read(file, header, 0) < HeaderLength || BinaryPrimitives.ReadUInt64LittleEndian(header) != Magic)
                throw Damaged(path, "it has no header");
            if (BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) is var version && version != Version)
                throw Damaged(path, $"it has version {version}, and this program knows version {Version}");

            var count = BinaryPrimitives.ReadInt32LittleEndian(header[12..]);
            if (count is < 0 or > MaxCount || RandomAccess.GetLength(file) != HeaderLength + ((long)count * ChunkEntry.Length))
                throw Damaged(path, "its length does not fit its header");

            var table = new ChunkTable(file, count, BinaryPrimitives.ReadInt64LittleEndian(header[16..]));
            table.Check(path, header);
            return table;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Finds the first chunk that ends behind a position of the image.</summary>
    /// <returns>Its index; the number of chunks if there is none.</returns>
    public int FirstEndingAfter(long position)
    {
        var block = Array.BinarySearch(_starts, position);
        block = block >= 0 ? block : ~block - 1;
        if (block < 0)
            return 0;

        var chunks = ArrayPool<LazyChunk>.Shared.Rent(BlockCount);
        var first = block * BlockCount;
        var count = Math.Min(BlockCount, Count - first);
        Read(first, chunks.AsSpan(0, count));
        var index = 0;
        while (index < count && chunks[index].End <= position)
            index++;

        ArrayPool<LazyChunk>.Shared.Return(chunks);
        return first + index;
    }

    /// <summary>Finds the chunks that have bytes of a range of the image.</summary>
    /// <returns>The index of the first, and that behind the last.</returns>
    public (int First, int End) Find(long offset, long length)
    {
        if (length <= 0 || Count == 0)
            return (0, 0);

        var first = FirstEndingAfter(offset);
        var last = FirstEndingAfter(offset + length - 1);
        return (first, last < Count && this[last].Offset < offset + length ? last + 1 : last);
    }

    /// <summary>Reads one chunk.</summary>
    public LazyChunk this[int index]
    {
        get
        {
            LazyChunk chunk = default;
            Read(index, new(ref chunk));
            return chunk;
        }
    }

    /// <summary>Reads chunks that follow each other.</summary>
    public void Read(int first, Span<LazyChunk> chunks)
    {
        Span<byte> bytes = stackalloc byte[ChunkEntry.Length * BlockCount];
        while (chunks.Length > 0)
        {
            var part = Math.Min(chunks.Length, BlockCount);
            var entries = bytes[..(part * ChunkEntry.Length)];
            if (RandomAccess.Read(_file, entries, HeaderLength + ((long)first * ChunkEntry.Length)) < entries.Length)
                throw new IOException("the table of chunks has become shorter");

            for (var i = 0; i < part; i++)
                chunks[i] = ChunkEntry.Decode(entries[(i * ChunkEntry.Length)..]);

            chunks = chunks[part..];
            first += part;
        }
    }

    public void Dispose() => _file.Dispose();

    private static void Write(FileStream file, IEnumerable<LazyChunk> chunks, long imageLength)
    {
        Span<byte> header = stackalloc byte[HeaderLength], entry = stackalloc byte[ChunkEntry.Length];
        header.Clear();
        file.Write(header);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var count = 0;
        var end = 0L;
        foreach (var chunk in chunks)
        {
            ChunkEntry.ThrowIfImpossible(chunk, end, imageLength);
            if (++count > MaxCount)
                throw new InvalidDataException($"the layer has more than {MaxCount} chunks, which is the limit");

            end = chunk.End;
            ChunkEntry.Encode(chunk, entry);
            hash.AppendData(entry);
            file.Write(entry);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], count);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], imageLength);
        RandomNumberGenerator.Fill(header[RandomOffset..HashOffset]);
        hash.AppendData(header[..HashOffset]);
        hash.GetHashAndReset(header[HashOffset..]);
        file.Position = 0;
        file.Write(header);
    }

    private void Check(string path, ReadOnlySpan<byte> header)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkEntry.Length * BlockCount);
        var end = 0L;
        for (var index = 0; index < Count; index += BlockCount)
        {
            var entries = buffer.AsSpan(0, Math.Min(BlockCount, Count - index) * ChunkEntry.Length);
            if (RandomAccess.Read(_file, entries, HeaderLength + ((long)index * ChunkEntry.Length)) < entries.Length)
                throw Damaged(path, "it is too short");

            hash.AppendData(entries);
            _starts[index / BlockCount] = ChunkEntry.Decode(entries).Offset;
            for (; entries.Length > 0; entries = entries[ChunkEntry.Length..])
            {
                var chunk = ChunkEntry.Decode(entries);
                ChunkEntry.ThrowIfImpossible(chunk, end, ImageLength);
                end = chunk.End;
            }
        }

        ArrayPool<byte>.Shared.Return(buffer);
        hash.AppendData(header[..HashOffset]);
        Hash = new(hash.GetHashAndReset());
        if (Hash != new ChunkDigest(header[HashOffset..]))
            throw Damaged(path, "its checksum is wrong");
    }

    private static InvalidDataException Damaged(string path, string why) => new($"the table of chunks \"{path}\" cannot be used: {why}");
}
