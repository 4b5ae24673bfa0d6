using Containerd.Snapshots.Erofs.Format;
using Containerd.Snapshots.Erofs.Input;
using Containerd.Snapshots.Erofs.Layers;
using Containerd.Snapshots.Erofs.Tar;
using ZstdSharp;

namespace Containerd.Snapshots.Erofs;

/// <summary>
/// Writes a layer of an image as an EROFS image while the layer is read. The files are those that containerd's unpacking
/// makes, and what containerd refuses is refused.
/// </summary>
public static class ErofsLayer
{
    private const int LayerBufferLength = 64 << 10, ArchiveBufferLength = 256 << 10, MaxListed = 1000;

    /// <summary>Reads a layer to its end and writes the image.</summary>
    /// <param name="layer">The layer: a tar archive, also compressed by gzip (in one or several members) or zstd.</param>
    /// <param name="image">
    /// The file of the image: empty, and writable at any position. It is not closed. It is on the disk when the method returns,
    /// unless the options say otherwise.
    /// </param>
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
        options ??= new();
        try
        {
            using var compressed = new HashedReader(layer, LayerBufferLength, long.MaxValue, options.ComputesDigest);
            using var inflated = await Compression.OpenAsync(compressed, cancellationToken).ConfigureAwait(false);
            using var archive = new HashedReader(inflated ?? new ReaderStream(compressed), ArchiveBufferLength, options.MaxSize, isHashed: true);
            return await WriteAsync(compressed, archive, image, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ZstdException or EndOfStreamException)
        {
            throw new InvalidDataException($"the layer's zstd compression is damaged: {exception.Message}", exception);
        }
    }

    private static async Task<ErofsLayerDigests> WriteAsync(
        HashedReader compressed, HashedReader archive, FileStream image, ErofsLayerOptions options, CancellationToken cancellationToken)
    {
        var writer = new ErofsWriter(options.UserNamespace);
        var used = await WriteFilesAsync(archive, writer, image, options, cancellationToken).ConfigureAwait(false);

        // The digests are of all bytes, also of those behind the archive's end.
        await archive.DrainAsync(cancellationToken).ConfigureAwait(false);
        await compressed.DrainAsync(cancellationToken).ConfigureAwait(false);
        var implied = await writer.DescribeImpliedAsync(options.FindDirectoryBelow, MaxListed, cancellationToken).ConfigureAwait(false);
        writer.Finish(image);
        if (options.Syncs)
            await SyncAsync(image).ConfigureAwait(false);

        used += writer.MetadataLength + Blocks.Length;
        return new(compressed.Digest(), archive.Digest()!, compressed.Length, used, writer.Count) { ArchiveSize = archive.Length, ImpliedDirectories = implied };
    }

    // It may take seconds, for which no thread of the pool is to be blocked.
    private static Task SyncAsync(FileStream image) =>
        Task.Factory.StartNew(() => RandomAccess.FlushToDisk(image.SafeFileHandle), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    // Returns how many bytes of the image's blocks the contents take.
    private static async ValueTask<long> WriteFilesAsync(
        HashedReader bytes, ErofsWriter writer, FileStream image, ErofsLayerOptions options, CancellationToken cancellationToken)
    {
        using var data = new DataWriter(image.SafeFileHandle);
        var archive = new TarReader(bytes);
        var files = new LayerFiles(writer, options.UserNamespace);
        var used = 0L;
        while (await archive.NextAsync(cancellationToken).ConfigureAwait(false) is { } entry)
        {
            if (files.Add(entry) is { } offset)
                used += await CopyAsync(archive, entry, offset, data, cancellationToken).ConfigureAwait(false);

            ThrowIfTooMuch(writer, options);
        }

        data.Flush();
        return used;
    }

    private static async ValueTask<long> CopyAsync(TarReader archive, TarEntry entry, long offset, DataWriter data, CancellationToken cancellationToken)
    {
        if (entry.Parts is not { } parts)
        {
            await CopyAsync(archive, new TarPart(0, entry.Size), offset, data, cancellationToken).ConfigureAwait(false);
            return Blocks.RoundUp(entry.Size);
        }

        var used = 0L;
        foreach (var part in parts)
        {
            await CopyAsync(archive, part, offset, data, cancellationToken).ConfigureAwait(false);
            used += Blocks.RoundUp(part.Length);
        }

        return used;
    }

    private static async ValueTask CopyAsync(TarReader archive, TarPart part, long offset, DataWriter data, CancellationToken cancellationToken)
    {
        if (part.Length == 0)
            return;

        data.Seek(offset + part.Offset);
        for (var rest = part.Length; rest > 0;)
        {
            var taken = await archive.TakeAsync(rest, cancellationToken).ConfigureAwait(false);
            data.Write(taken.Span);
            rest -= taken.Length;
        }
    }

    private static void ThrowIfTooMuch(ErofsWriter writer, ErofsLayerOptions options)
    {
        if (writer.Count > options.MaxFiles)
            throw new InvalidDataException($"the layer has more than {options.MaxFiles} files, which is the limit");
        if (writer.Memory > options.MaxMemory)
            throw new InvalidDataException($"the names and attributes of the layer's files take more than {options.MaxMemory} bytes of memory, which is the limit");
    }
}
