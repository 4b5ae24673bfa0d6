using Containerd.Snapshots.Erofs.Format;
using Containerd.Snapshots.Erofs.Layers;
using Containerd.Snapshots.Erofs.Tar;
using Containerd.Snapshots.Erofs.Tree;

namespace Containerd.Snapshots.Erofs.Tables;

/// <summary>Adds the entries of a table to an image as if they were those of the layer's archive, and collects their chunks.</summary>
/// <param name="files">The image.</param>
/// <param name="chunks">Takes the chunks.</param>
/// <param name="maxSize">The most bytes that all contents may have.</param>
internal sealed class TableFiles(LayerFiles files, ChunkList chunks, long maxSize)
{
    private readonly TarEntry _entry = new();

    // The regular file that chunks belong to: where it is in the image, null for nowhere, its length, and how much of it is known.
    private long? _place;
    private long _size, _known, _end;
    private bool _isFile;

    private static ReadOnlySpan<byte> Landmark => ".prefetch.landmark"u8;

    /// <summary>Where the landmark's content is in the image; 0 if there is none.</summary>
    public long PrefetchEnd { get; private set; }

    /// <summary>The bytes of the image's blocks that the contents take.</summary>
    public long ContentSize { get; private set; }

    /// <summary>The bytes of all contents.</summary>
    public long Size { get; private set; }

    /// <summary>Adds an entry.</summary>
    /// <exception cref="InvalidDataException">It cannot be.</exception>
    public void Add(TableEntry entry)
    {
        if (entry.Type == TableEntryType.Chunk)
        {
            AddChunk(entry);
            return;
        }

        EndFile();
        Describe(entry);
        var place = files.Add(_entry);
        if (entry.Type == TableEntryType.Regular)
            BeginFile(entry, place);
    }

    /// <summary>Adds the table itself, as the archive has it.</summary>
    /// <returns>Where its content belongs in the image.</returns>
    public long? AddTable(TarEntry entry)
    {
        EndFile();
        var place = files.Add(entry);
        Count(entry.Size, place);
        return place;
    }

    /// <summary>Ends the last file.</summary>
    public void EndFile()
    {
        if (_isFile && _known != _size)
            throw Damaged($"a file has {_size} bytes, and its chunks {_known}");
        if (_isFile && _end > 0)
            chunks.EndFile(_end);

        _isFile = false;
    }

    private void BeginFile(TableEntry entry, long? place)
    {
        (_place, _size, _known, _end, _isFile) = (place, entry.Size, 0, entry.EndOffset, entry.Size > 0);
        Count(_size, place);
        if (IsLandmark(entry.Name.Bytes.Span))
            PrefetchEnd = place ?? 0;
        if (_isFile)
            AddChunk(entry);
    }

    private void AddChunk(TableEntry entry)
    {
        if (!_isFile || entry.ChunkOffset != _known)
            throw Damaged($"a chunk at {entry.ChunkOffset} has no file, or does not follow the one before, which ends at {_known}");

        var length = entry.ChunkSize == 0 ? _size - _known : entry.ChunkSize;
        if (length <= 0 || length > _size - _known)
            throw Damaged($"a chunk at {_known} has {length} bytes, and its file {_size}");

        // A file in one piece has its digest, with or without one of the chunk.
        var digest = entry.ChunkDigest ?? (length == _size ? entry.Digest : null);
        var chunk = new LazyChunk((_place ?? 0) + _known, (int)Math.Min(length, int.MaxValue), entry.Offset, 0, entry.InnerOffset, digest ?? default);
        if (!entry.IsZeros && _place is not null)
            Check(length, digest);

        chunks.Add(chunk, length, entry.IsZeros || _place is null);
        _known += length;
    }

    private static void Check(long length, ChunkDigest? digest)
    {
        if (digest is null)
            throw new InvalidDataException("the layer's table of contents has a chunk without a digest");
        if (length > LazyChunk.MaxLength)
            throw new InvalidDataException($"the layer has a chunk of {length} bytes, and at most {LazyChunk.MaxLength} are read lazily");
    }

    private void Count(long size, long? place)
    {
        Size += size;
        if (Size > maxSize)
            throw new InvalidDataException($"the layer's files have more than {maxSize} bytes, which is the limit");

        ContentSize += place is null ? 0 : Blocks.RoundUp(size);
    }

    private void Describe(TableEntry entry)
    {
        if (entry.Size < 0)
            throw Damaged($"a file has {entry.Size} bytes");

        _entry.Type = TypeOf(entry.Type);
        _entry.Path = entry.Name.Bytes;
        _entry.Target = entry.LinkName.Bytes;
        _entry.Mode = (int)(entry.Mode & 0xFFF);
        _entry.UserId = entry.UserId;
        _entry.GroupId = entry.GroupId;
        _entry.ModifiedAt = entry.ModifiedAt;
        _entry.Major = entry.Major;
        _entry.Minor = entry.Minor;
        _entry.Size = entry.Size;
        _entry.ExtendedAttributes = entry.ExtendedAttributes ?? [];
    }

    private static bool IsLandmark(ReadOnlySpan<byte> path)
    {
        Span<byte> buffer = stackalloc byte[LayerPath.MaxLength];
        return LayerPath.Clean(path, buffer).SequenceEqual(Landmark);
    }

    private static TarType TypeOf(TableEntryType type) => type switch
    {
        TableEntryType.Regular => TarType.Regular,
        TableEntryType.Directory => TarType.Directory,
        TableEntryType.SymbolicLink => TarType.SymbolicLink,
        TableEntryType.HardLink => TarType.HardLink,
        TableEntryType.CharacterDevice => TarType.CharacterDevice,
        TableEntryType.BlockDevice => TarType.BlockDevice,
        TableEntryType.Pipe => TarType.Pipe,
        _ => throw Damaged("an entry has no type"),
    };

    private static InvalidDataException Damaged(string how) => new($"the layer's table of contents is damaged: {how}");
}
