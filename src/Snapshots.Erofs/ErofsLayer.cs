using Containerd.Snapshots.Erofs.Layers;
using Containerd.Snapshots.Erofs.Tar;
using ZstdSharp;

namespace Containerd.Snapshots.Erofs;

/// <summary>
/// Writes a layer of an image as an EROFS image while the layer is read. The files are those that containerd's unpacking
/// makes.
/// </summary>
public static class ErofsLayer
{
    /// <summary>Reads a layer to its end and writes the image.</summary>
    /// <param name="layer">The layer: a tar archive, also compressed by gzip (in one or several members) or zstd.</param>
    /// <param name="image">The file of the image: empty, and writable at any position. It is not synced, and not closed.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the reading; the image is incomplete then.</param>
    /// <returns>What the layer is. Compare the digests with those that the image's manifest and configuration have.</returns>
    /// <exception cref="InvalidDataException">
    /// The layer is damaged, is no tar archive, or exceeds a limit of the options; the message says how. The image is
    /// incomplete.
    /// </exception>
    /// <exception cref="IOException">The layer cannot be read, or the image not be written. The image is incomplete.</exception>
    public static async Task<ErofsLayerDigests> WriteAsync(
        Stream layer, FileStream image, ErofsLayerOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(image);
        try
        {
            return await WriteLayerAsync(layer, image, options ?? new(), cancellationToken).ConfigureAwait(false);
        }
        catch (ZstdException exception)
        {
            throw new InvalidDataException($"the layer's zstd compression is damaged: {exception.Message}", exception);
        }
    }

    private static async Task<ErofsLayerDigests> WriteLayerAsync(Stream layer, FileStream image, ErofsLayerOptions options, CancellationToken cancellationToken)
    {
        using var compressed = new DigestStream(layer, long.MaxValue, "compressed");
        await using var inflated = await Compression.OpenAsync(compressed, cancellationToken).ConfigureAwait(false);
        using var archive = new DigestStream(inflated, options.MaxSize, "unpacked");
        var writer = new ErofsWriter(options.UserNamespace);
        await WriteFilesAsync(new TarReader(archive), writer, image, options, cancellationToken).ConfigureAwait(false);

        // The digests are of all bytes, also of those behind the archive's end.
        await archive.DrainAsync(cancellationToken).ConfigureAwait(false);
        await compressed.DrainAsync(cancellationToken).ConfigureAwait(false);
        writer.Finish(image);
        return new(compressed.Digest(), archive.Digest(), compressed.Length, archive.Length, writer.Count);
    }

    private static async Task WriteFilesAsync(
        TarReader archive, ErofsWriter writer, FileStream image, ErofsLayerOptions options, CancellationToken cancellationToken)
    {
        using var data = new DataWriter(image.SafeFileHandle);
        while (await archive.NextAsync(cancellationToken).ConfigureAwait(false) is { } entry)
        {
            if (LayerFiles.Add(entry, writer) is { } offset)
                await CopyAsync(archive, entry, offset, data, cancellationToken).ConfigureAwait(false);

            if (writer.Count > options.MaxFiles)
                throw new InvalidDataException($"the layer has more than {options.MaxFiles} files");
        }

        data.Flush();
    }

    private static async Task CopyAsync(TarReader archive, TarEntry entry, long offset, DataWriter data, CancellationToken cancellationToken)
    {
        foreach (var part in entry.Parts ?? [new(0, entry.StoredSize)])
        {
            data.Seek(offset + part.Offset);
            for (var rest = part.Length; rest > 0;)
            {
                var buffer = data.Buffer;
                var read = await archive.ReadAsync(buffer[..(int)Math.Min(buffer.Length, rest)], cancellationToken).ConfigureAwait(false);
                data.Advance(read);
                rest -= read;
            }
        }
    }
}

/// <summary>What was read of a layer.</summary>
/// <param name="Digest">The digest of the layer as it was read: <c>sha256:</c> and 64 hexadecimal digits.</param>
/// <param name="DiffId">The digest of the archive, without compression. If the layer is not compressed, both are the same.</param>
/// <param name="Size">The length of the layer as it was read, in bytes.</param>
/// <param name="UnpackedSize">The length of the archive, in bytes.</param>
/// <param name="Files">The number of files of all types, the root included.</param>
public sealed record ErofsLayerDigests(string Digest, string DiffId, long Size, long UnpackedSize, int Files);

/// <summary>Options of <see cref="ErofsLayer"/>. The limits bound what a hostile layer takes.</summary>
public sealed record ErofsLayerOptions
{
    /// <summary>Whether overlay file systems in a user namespace use the image; see <see cref="ErofsWriter"/>.</summary>
    public bool UserNamespace { get; init; }

    /// <summary>The most bytes that the archive may have without compression; 256 GiB by default.</summary>
    public long MaxSize { get; init; } = 256L << 30;

    /// <summary>The most files of all types; 4,000,000 by default. Each takes some 300 bytes of memory.</summary>
    public int MaxFiles { get; init; } = 4_000_000;
}
