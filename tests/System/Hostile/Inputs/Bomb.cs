using System.IO.Compression;

namespace Containerd.Snapshots.Tests.Hostile.Inputs;

/// <summary>Few bytes that decompress to many.</summary>
internal static class Bomb
{
    private const int Chunk = 1 << 20;

    /// <summary>What the fuzz sends: some kilobytes.</summary>
    public static byte[] Small { get; } = Gzip(4);

    /// <summary>Zeros, compressed to a thousandth.</summary>
    public static byte[] Gzip(int megabytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            for (var zeros = new byte[Chunk]; megabytes > 0; megabytes--)
                gzip.Write(zeros);
        }

        return packed.ToArray();
    }
}
