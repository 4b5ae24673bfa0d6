using Containerd.Snapshots.Erofs.Format;
using Containerd.Snapshots.Erofs.Layers;
using Containerd.Snapshots.Erofs.Tables;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Erofs;

/// <summary>
/// Lays a layer out by its table of contents, before the layer is fetched: the image has the bytes that
/// <see cref="ErofsLayer.WriteAsync"/> writes for the whole layer, without the contents of the files.
/// </summary>
public static class LazyLayer
{
    private const int CopyLength = 64 << 10;

    /// <summary>Fetches and verifies a layer's table, and writes the image.</summary>
    /// <param name="table">The table.</param>
    /// <param name="open">Opens parts of the layer.</param>
    /// <param name="image">
    /// The file of the image: empty, and writable at any position. It becomes sparse, and is not closed. Beside it, a file of the
    /// same name and <c>.table</c> is used and removed.
    /// </param>
    /// <param name="options">The options, as for <see cref="ErofsLayer.WriteAsync"/>; null for the defaults.</param>
    /// <param name="cancellationToken">Gives up; the image is incomplete then.</param>
    /// <exception cref="InvalidDataException">
    /// The table is damaged, has a wrong digest, exceeds a limit, or lists something that cannot be read lazily; the message
    /// says what. The image is incomplete.
    /// </exception>
    /// <exception cref="IOException">The table cannot be fetched, or the image not be written. The image is incomplete.</exception>
    public static async Task<LazyLayout> WriteAsync(
        LayerTable table, OpenBlobRange open, FileStream image, ErofsLayerOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(image);
        options ??= new();
        using var file = new TableFile($"{image.Name}.table");
        var place = await FetchAsync(table, open, file, cancellationToken).ConfigureAwait(false);
        var writer = new ErofsWriter(options.UserNamespace);
        var chunks = new ChunkList(place.ContentEnd);
        var files = new TableFiles(new LayerFiles(writer, options), chunks, options.MaxSize);
        new TableReader(file.Handle, files.Add).Read(cancellationToken);
        if (table.Kind == LayerTableKind.EStargz)
            AddTable(files, file, image.SafeFileHandle);

        files.EndFile();
        chunks.End();
        var implied = await writer.DescribeImpliedAsync(options.FindDirectoryBelow, cancellationToken).ConfigureAwait(false);
        writer.Finish(image);
        if (options.Syncs)
            await ErofsLayer.SyncAsync(image).ConfigureAwait(false);

        var used = files.ContentSize + writer.MetadataLength + Blocks.Length;
        return new(chunks, writer.DataEnd + writer.MetadataLength, used, writer.Count) { PrefetchEnd = files.PrefetchEnd, ImpliedDirectories = implied };
    }

    /// <summary>
    /// Reads a whole layer once, in order. What its archive has is compared with what the image shows and will show: all
    /// contents with the digests of the table, all else byte for byte. Contents that are absent are stored, so that the image is
    /// complete afterwards unless the disk was full. Readers of the image go on meanwhile.
    /// </summary>
    /// <param name="kind">The kind of the table that the image was laid out by.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="image">The image.</param>
    /// <param name="options">The options with which the image was laid out; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the pass. What was stored stays.</param>
    /// <returns>
    /// What the layer is. The caller compares the digests with the manifest and the diff ID: only then the image is what its name
    /// says.
    /// </returns>
    /// <exception cref="InvalidDataException">
    /// The layer is damaged, or its archive is not what its table says. If the layer has the digest of the manifest, its table
    /// lies: the image is to be refused. See <see cref="LazyImage.Refuse"/>.
    /// </exception>
    /// <exception cref="IOException">The layer or the image cannot be read.</exception>
    public static async Task<ErofsLayerDigests> VerifyAsync(
        LayerTableKind kind, Stream layer, LazyImage image, ErofsLayerOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(image);
        using var verifier = image.Verify();
        var file = new FileStream(image.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        await using var _ = file.ConfigureAwait(false);
        return await new LayerVerification(kind, new VerifiedContent(verifier), options ?? new()).RunAsync(layer, file, cancellationToken).ConfigureAwait(false);
    }

    // A wrong table is asked once more for, from another mirror.
    private static async Task<TablePlace> FetchAsync(LayerTable table, OpenBlobRange open, TableFile file, CancellationToken cancellationToken)
    {
        var download = new TableDownload(table, open);
        try
        {
            return await download.FetchAsync(file, new(ChunkCause.Read), cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException)
        {
            file.Clear();
            return await download.FetchAsync(file, new(ChunkCause.Read, AvoidsLastMirror: true), cancellationToken).ConfigureAwait(false);
        }
    }

    private static void AddTable(TableFiles files, TableFile file, SafeFileHandle image)
    {
        if (files.AddTable(TableDownload.ArchiveEntry(file.Length)) is not { } place)
            return;

        var buffer = new byte[CopyLength];
        for (var position = 0L; position < file.Length;)
        {
            var read = RandomAccess.Read(file.Handle, buffer, position);
            RandomAccess.Write(image, buffer.AsSpan(0, read), place + position);
            position += read;
        }
    }
}
