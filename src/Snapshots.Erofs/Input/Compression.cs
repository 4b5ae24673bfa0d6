using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Containerd.Snapshots.Erofs.Input;

/// <summary>Opens a layer of any compression, which its first bytes show.</summary>
internal static class Compression
{
    // A zstd stream says how much memory it takes to read it; 128 MiB is what the zstd tool allows.
    private const int MaxWindowBits = 27;

    /// <summary>Returns the layer without compression, or null if it has none. Disposing the stream leaves the layer open.</summary>
    public static async ValueTask<Stream?> OpenAsync(HashedReader layer, CancellationToken cancellationToken)
    {
        var start = await layer.PeekAsync(4, cancellationToken).ConfigureAwait(false);
        return start.Span switch
        {
            [0x1F, 0x8B, ..] => new GzipLayerStream(new ReaderStream(layer)),
            [0x28, 0xB5, 0x2F, 0xFD] or [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18] => Zstandard(new ReaderStream(layer)),
            _ => null,
        };
    }

    /// <summary>Opens a stream that zstd has compressed. Disposing it leaves the stream open.</summary>
    public static DecompressionStream Zstandard(Stream layer) => new(layer, NewDecompressor(), leaveOpen: true, preserveDecompressor: false);

    /// <summary>Makes a decompressor of zstd, whose memory is limited.</summary>
    public static Decompressor NewDecompressor()
    {
        var decompressor = new Decompressor();
        decompressor.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxWindowBits);
        return decompressor;
    }
}
