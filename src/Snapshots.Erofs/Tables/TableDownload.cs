using System.IO.Compression;
using Containerd.Snapshots.Erofs.Input;
using Containerd.Snapshots.Erofs.Tar;
using ZstdSharp;

namespace Containerd.Snapshots.Erofs.Tables;

/// <summary>Fetches a layer's table, and verifies it before anything of it is used.</summary>
/// <param name="table">The table.</param>
/// <param name="open">Opens parts of the layer.</param>
internal sealed class TableDownload(LayerTable table, OpenBlobRange open)
{
    // Most tables are in so many last bytes, which one request fetches.
    private const int TailLength = 256 << 10;

    private const int BufferLength = 64 << 10;

    /// <summary>How the table is stored in an eStargz layer's archive.</summary>
    public static TarEntry ArchiveEntry(long length) => new() { Type = TarType.Regular, Path = "stargz.index.json"u8.ToArray(), Size = length };

    /// <summary>Fetches the table.</summary>
    /// <param name="file">Takes it.</param>
    /// <param name="request">How to ask for it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Where it is.</returns>
    /// <exception cref="InvalidDataException">It is damaged, has a wrong digest, or exceeds a limit.</exception>
    public async Task<TablePlace> FetchAsync(TableFile file, ChunkRequest request, CancellationToken cancellationToken)
    {
        try
        {
            if (table.Place is { } known)
                return await FetchAsync(known, default, file, request, cancellationToken).ConfigureAwait(false);

            var tail = new byte[Math.Min(TailLength, table.LayerSize)];
            await ReadTailAsync(tail, request, cancellationToken).ConfigureAwait(false);
            return await FetchAsync(TableFooter.Find(tail, table.LayerSize, table.Kind), tail, file, request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ZstdException or EndOfStreamException)
        {
            throw new InvalidDataException($"the layer's table of contents is damaged: {exception.Message}", exception);
        }
    }

    private async Task<TablePlace> FetchAsync(TablePlace place, ReadOnlyMemory<byte> tail, TableFile file, ChunkRequest request, CancellationToken cancellationToken)
    {
        var start = table.LayerSize - tail.Length;
        var isInTail = place.Start >= start;
        var stream = isInTail
            ? new MemoryStream(tail.Slice((int)(place.Start - start), (int)place.StoredLength).ToArray())
            : await open(place.Start, place.End, request, cancellationToken).ConfigureAwait(false);
        await using var _ = stream.ConfigureAwait(false);
        using var stored = new HashedReader(stream, BufferLength, place.StoredLength, isHashed: true);
        var digest = table.Kind == LayerTableKind.EStargz
            ? await ReadGzipAsync(stored, file, cancellationToken).ConfigureAwait(false)
            : await ReadZstdAsync(stored, file, place.Length, cancellationToken).ConfigureAwait(false);
        await stored.DrainAsync(cancellationToken).ConfigureAwait(false);
        ThrowIfOther("as it is stored", table.StoredDigest, stored.Digest());
        ThrowIfOther("without compression", table.Digest, digest);
        return place;
    }

    private async Task ReadTailAsync(byte[] tail, ChunkRequest request, CancellationToken cancellationToken)
    {
        if (tail.Length == 0)
            throw new InvalidDataException("the layer is empty");

        var stream = await open(table.LayerSize - tail.Length, table.LayerSize, request, cancellationToken).ConfigureAwait(false);
        await using var _ = stream.ConfigureAwait(false);
        await stream.ReadExactlyAsync(tail, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<SnapshotDigest?> ReadZstdAsync(HashedReader stored, TableFile file, long? length, CancellationToken cancellationToken)
    {
        using var inflated = Compression.Zstandard(new ReaderStream(stored));
        using var json = new HashedReader(inflated, BufferLength, length ?? LayerTable.MaxLength, isHashed: true);
        while (await json.TakeAsync(BufferLength, cancellationToken).ConfigureAwait(false) is { Length: > 0 } bytes)
            file.Append(bytes.Span);

        return json.Digest();
    }

    // The table is a file in the rest of the archive, alone there.
    private static async Task<SnapshotDigest?> ReadGzipAsync(HashedReader stored, TableFile file, CancellationToken cancellationToken)
    {
        using var inflated = new GZipStream(new ReaderStream(stored), CompressionMode.Decompress);
        using var bytes = new HashedReader(inflated, BufferLength, LayerTable.MaxLength + (2L * BufferLength), isHashed: false);
        var archive = new TarReader(bytes);
        if (await archive.NextAsync(cancellationToken).ConfigureAwait(false) is not { } entry || !IsTable(entry))
            throw new InvalidDataException("the layer's table of contents is not stored as the tools of eStargz do");
        if (entry.Size > LayerTable.MaxLength)
            throw new InvalidDataException($"the layer's table of contents has {entry.Size} bytes without compression, more than the limit of {LayerTable.MaxLength}");

        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        while (await archive.TakeAsync(BufferLength, cancellationToken).ConfigureAwait(false) is { Length: > 0 } taken)
        {
            hash.AppendData(taken.Span);
            file.Append(taken.Span);
        }

        if (await archive.NextAsync(cancellationToken).ConfigureAwait(false) is not null)
            throw new InvalidDataException("the layer's archive goes on behind its table of contents");

        return SnapshotDigest.TryParse($"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}", out var digest) ? digest : null;
    }

    // Only the table's content has a digest, so its attributes must be those that all tools give it.
    private static bool IsTable(TarEntry entry)
    {
        var usual = ArchiveEntry(entry.Size);
        return entry.Type == usual.Type && entry.Path.Span.SequenceEqual(usual.Path.Span) && entry.Parts is null && entry.ExtendedAttributes.Count == 0
            && (entry.Mode, entry.UserId, entry.GroupId, entry.ModifiedAt) == (usual.Mode, usual.UserId, usual.GroupId, usual.ModifiedAt);
    }

    private static void ThrowIfOther(string what, SnapshotDigest? expected, SnapshotDigest? found)
    {
        if (expected is not null && expected != found)
            throw new InvalidDataException($"the layer's table of contents has the digest {found} {what}, and the manifest says {expected}");
    }
}
