using Containerd.Snapshots.Erofs.Layers;
using Containerd.Snapshots.Erofs.Tar;

namespace Containerd.Snapshots.Erofs.Tables;

/// <summary>Reads a whole layer, and compares it with the image that was laid out by the layer's table.</summary>
/// <param name="kind">The kind of the table.</param>
/// <param name="content">Takes the contents of all files, and compares them.</param>
/// <param name="options">The options with which the image was laid out.</param>
internal sealed class LayerVerification(LayerTableKind kind, IContentSink content, ErofsLayerOptions options)
{
    /// <summary>Reads the layer and compares it.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="image">The image; only its metadata is read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidDataException">The layer is damaged, or not what the image says.</exception>
    public async Task<ErofsLayerDigests> RunAsync(Stream layer, FileStream image, CancellationToken cancellationToken)
    {
        var writer = new ErofsWriter(options.UserNamespace);
        var reader = new LayerReader(writer, content, options) { Change = Change };
        var read = await reader.ReadAsync(layer, cancellationToken).ConfigureAwait(false);
        var implied = await writer.DescribeImpliedAsync(options.FindDirectoryBelow, cancellationToken).ConfigureAwait(false);
        var comparison = new ComparingStream(image);
        await using var _ = comparison.ConfigureAwait(false);
        writer.Finish(comparison);
        if (image.Length != writer.DataEnd + writer.MetadataLength)
            throw ComparingStream.Unequal();

        return read.Describe(writer, implied);
    }

    // Neither kind of table can tell of holes, and those of eStargz do not tell of parts of seconds.
    private void Change(TarEntry entry)
    {
        if (entry.Parts is not null)
            throw new InvalidDataException("the layer has a sparse file, which its table of contents cannot tell");
        if (kind != LayerTableKind.ZstdChunked)
            entry.ModifiedAt = TableTime.Round(entry.ModifiedAt);
    }
}
