using System.Text;

namespace Containerd.Snapshots.Runtime.Wire;

/// <summary>The maximum sizes of messages and keys.</summary>
internal static class WireLimits
{
    /// <summary>containerd's limit for requests and responses.</summary>
    public const int MaxMessageBytes = 16 << 20;

    /// <summary>The longest key that containerd's metadata store accepts (bbolt's MaxKeySize).</summary>
    public const int MaxKeyBytes = 32 << 10;

    public static SnapshotResult CheckKey(string key, string what)
    {
        if (key.Length == 0)
            return SnapshotResult.InvalidArgument($"the {what} is empty");

        // A UTF-16 unit takes one to three bytes, so most keys need no exact count.
        if (key.Length > MaxKeyBytes || (key.Length > MaxKeyBytes / 3 && Encoding.UTF8.GetByteCount(key) > MaxKeyBytes))
            return SnapshotResult.InvalidArgument($"the {what} is longer than {MaxKeyBytes} bytes");

        return SnapshotResult.Success;
    }
}
