namespace Containerd.Snapshots.Erofs.Format;

/// <summary>The units of an image.</summary>
internal static class Blocks
{
    /// <summary>The length of a block, in bytes; the kernel's page is at least as long.</summary>
    public const int Length = 4096;

    /// <summary>The base-2 logarithm of it.</summary>
    public const byte Bits = 12;

    /// <summary>The length of what an inode's number counts.</summary>
    public const int SlotLength = 32;

    public static long RoundUp(long length) => (length + Length - 1) / Length * Length;
}
