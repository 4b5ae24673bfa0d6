namespace Containerd.Snapshots.Tests.Hostile.Inputs;

/// <summary>Random values for inputs.</summary>
internal static class RandomExtensions
{
    private static readonly uint[] EdgeNumbers =
        [0, 1, 2, 3, 5, 8, 9, 127, 128, 255, 256, 16383, 16384, 16385, 65535, 65536, 0xFFFFFF, 0x1000000, int.MaxValue, 1U << 31, uint.MaxValue];

    public static T Pick<T>(this Random random, ReadOnlySpan<T> from) => from[random.Next(from.Length)];

    public static T Pick<T>(this Random random, T[] from) => from[random.Next(from.Length)];

    public static byte[] Bytes(this Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>A boundary value, or any number.</summary>
    public static uint EdgeNumber(this Random random) => random.Next(3) > 0 ? random.Pick(EdgeNumbers) : (uint)random.NextInt64(1L << 32);

    /// <summary>The same bytes with some bits flipped.</summary>
    public static byte[] Flip(this Random random, byte[] bytes)
    {
        var flipped = (byte[])bytes.Clone();
        for (var i = random.Next(1, 8); i > 0 && flipped.Length > 0; i--)
            flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
        return flipped;
    }

    /// <summary>The first bytes, never all.</summary>
    public static byte[] Cut(this Random random, byte[] bytes) => bytes[..random.Next(bytes.Length)];
}
