using System.IO.Compression;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Containerd.Snapshots.Erofs.Layers;

/// <summary>Opens a layer of any compression, which its first bytes show.</summary>
internal static class Compression
{
    // A zstd stream says how much memory it takes to read it; 128 MiB is what the zstd tool allows.
    private const int MaxWindowBits = 27;

    /// <summary>Returns the layer without compression. Disposing it leaves the layer open.</summary>
    public static async ValueTask<Stream> OpenAsync(Stream layer, CancellationToken cancellationToken)
    {
        var start = new byte[4];
        var length = await layer.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        var whole = new RestoredStream(start.AsMemory(0, length), layer);
        return start switch
        {
            [0x1F, 0x8B, ..] => new GZipStream(whole, CompressionMode.Decompress),
            [0x28, 0xB5, 0x2F, 0xFD] or [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18] => Zstandard(whole),
            _ => whole,
        };
    }

    private static DecompressionStream Zstandard(Stream layer)
    {
        var decompressor = new Decompressor();
        decompressor.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxWindowBits);
        return new(layer, decompressor, leaveOpen: true, preserveDecompressor: false);
    }
}
