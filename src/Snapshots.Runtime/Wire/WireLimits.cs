using System.Text;

namespace Containerd.Snapshots.Runtime.Wire;

/// <summary>What a message, and a key in it, may measure.</summary>
internal static class WireLimits
{
    /// <summary>containerd's own limit for a message, both ways.</summary>
    public const int MaxMessageBytes = 16 << 20;

    /// <summary>The longest key that containerd's own metadata store can hold (bbolt's MaxKeySize).</summary>
    public const int MaxKeyBytes = 32 << 10;

    public static SnapshotResult CheckKey(string key, string what)
    {
        if (key.Length == 0)
            return SnapshotResult.InvalidArgument($"the {what} is empty");

        // A character is a byte or more, so that most keys need no counting.
        if (key.Length > MaxKeyBytes || (key.Length > MaxKeyBytes / 3 && Encoding.UTF8.GetByteCount(key) > MaxKeyBytes))
            return SnapshotResult.InvalidArgument($"the {what} is longer than {MaxKeyBytes} bytes");

        return SnapshotResult.Success;
    }
}
