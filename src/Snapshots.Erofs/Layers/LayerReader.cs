using Containerd.Snapshots.Erofs.Format;
using Containerd.Snapshots.Erofs.Input;
using Containerd.Snapshots.Erofs.Tar;
using ZstdSharp;

namespace Containerd.Snapshots.Erofs.Layers;

/// <summary>Reads a layer of any compression to its end: adds its files to an image, and hands over their contents.</summary>
/// <param name="writer">The image.</param>
/// <param name="content">Takes the contents.</param>
/// <param name="options">The limits.</param>
internal sealed class LayerReader(ErofsWriter writer, IContentSink content, ErofsLayerOptions options)
{
    private const int LayerBufferLength = 64 << 10, ArchiveBufferLength = 256 << 10;

    /// <summary>Changes each entry before its file is added; null for none.</summary>
    public Action<TarEntry>? Change { get; init; }

    /// <summary>Reads the layer.</summary>
    /// <exception cref="InvalidDataException">The layer is damaged, is no tar archive, or exceeds a limit.</exception>
    public async Task<LayerRead> ReadAsync(Stream layer, CancellationToken cancellationToken)
    {
        try
        {
            using var compressed = new HashedReader(layer, LayerBufferLength, long.MaxValue, options.ComputesDigest);
            using var inflated = await Compression.OpenAsync(compressed, cancellationToken).ConfigureAwait(false);
            using var archive = new HashedReader(inflated ?? new ReaderStream(compressed), ArchiveBufferLength, options.MaxSize, isHashed: true);
            var used = await ReadFilesAsync(archive, cancellationToken).ConfigureAwait(false);

            // The digests are of all bytes, also of those behind the archive's end.
            await archive.DrainAsync(cancellationToken).ConfigureAwait(false);
            await compressed.DrainAsync(cancellationToken).ConfigureAwait(false);
            return new(compressed.Digest(), archive.Digest()!, compressed.Length, archive.Length, used);
        }
        catch (Exception exception) when (exception is ZstdException or EndOfStreamException)
        {
            throw new InvalidDataException($"the layer's zstd compression is damaged: {exception.Message}", exception);
        }
    }

    // Returns how many bytes of the image's blocks the contents take.
    private async ValueTask<long> ReadFilesAsync(HashedReader bytes, CancellationToken cancellationToken)
    {
        var archive = new TarReader(bytes);
        var files = new LayerFiles(writer, options);
        var used = 0L;
        while (await archive.NextAsync(cancellationToken).ConfigureAwait(false) is { } entry)
        {
            Change?.Invoke(entry);
            if (files.Add(entry) is { } offset)
                used += await CopyAsync(archive, entry, offset, cancellationToken).ConfigureAwait(false);
        }

        content.Flush();
        return used;
    }

    private async ValueTask<long> CopyAsync(TarReader archive, TarEntry entry, long offset, CancellationToken cancellationToken)
    {
        if (entry.Parts is not { } parts)
        {
            await CopyAsync(archive, new TarPart(0, entry.Size), offset, cancellationToken).ConfigureAwait(false);
            return Blocks.RoundUp(entry.Size);
        }

        var used = 0L;
        foreach (var part in parts)
        {
            await CopyAsync(archive, part, offset, cancellationToken).ConfigureAwait(false);
            used += Blocks.RoundUp(part.Length);
        }

        return used;
    }

    private async ValueTask CopyAsync(TarReader archive, TarPart part, long offset, CancellationToken cancellationToken)
    {
        if (part.Length == 0)
            return;

        content.Seek(offset + part.Offset);
        for (var rest = part.Length; rest > 0;)
        {
            var taken = await archive.TakeAsync(rest, cancellationToken).ConfigureAwait(false);
            content.Write(taken.Span);
            rest -= taken.Length;
        }
    }
}

/// <summary>What a layer was that has been read.</summary>
/// <param name="Digest">Its digest, or null if that was not wanted.</param>
/// <param name="DiffId">The digest of the archive.</param>
/// <param name="Size">The length of the layer, in bytes.</param>
/// <param name="ArchiveSize">The length of the archive, in bytes.</param>
/// <param name="ContentSize">The bytes of the image's blocks that the contents take.</param>
internal readonly record struct LayerRead(SnapshotDigest? Digest, SnapshotDigest DiffId, long Size, long ArchiveSize, long ContentSize)
{
    /// <summary>Describes the layer, once its image is finished.</summary>
    public ErofsLayerDigests Describe(ErofsWriter writer, IReadOnlyList<string> implied) =>
        new(Digest, DiffId, Size, ContentSize + writer.MetadataLength + Blocks.Length, writer.Count)
        {
            ArchiveSize = ArchiveSize,
            ImpliedDirectories = implied,
        };
}
