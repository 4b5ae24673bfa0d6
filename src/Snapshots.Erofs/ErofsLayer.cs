using Containerd.Snapshots.Erofs.Layers;

namespace Containerd.Snapshots.Erofs;

/// <summary>
/// Writes a layer of an image as an EROFS image while the layer is read. The files are those that containerd's unpacking
/// makes, and what containerd refuses is refused.
/// </summary>
public static class ErofsLayer
{
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
        var writer = new ErofsWriter(options.UserNamespace);
        using var data = new DataWriter(image.SafeFileHandle);
        var read = await new LayerReader(writer, data, options).ReadAsync(layer, cancellationToken).ConfigureAwait(false);
        var implied = await writer.DescribeImpliedAsync(options.FindDirectoryBelow, cancellationToken).ConfigureAwait(false);
        writer.Finish(image);
        if (options.Syncs)
            await SyncAsync(image).ConfigureAwait(false);

        return read.Describe(writer, implied);
    }

    // It may take seconds, for which no thread of the pool is to be blocked.
    internal static Task SyncAsync(FileStream image) =>
        Task.Factory.StartNew(() => RandomAccess.FlushToDisk(image.SafeFileHandle), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
