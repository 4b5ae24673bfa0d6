namespace Containerd.Snapshots.Remote.Fetching;

/// <summary>What all blobs of a client share.</summary>
/// <param name="Connections">The connections.</param>
/// <param name="Buffers">The buffers for what is fetched before its turn.</param>
/// <param name="ConnectionsPerBlob">How many connections a blob may have at the same time, 1 or more.</param>
internal sealed record FetchLimits(ConnectionLimit Connections, BufferBudget Buffers, int ConnectionsPerBlob)
{
    /// <summary>The size of the buffer that each blob with a connection has, in bytes.</summary>
    public const int OwnBufferSize = 64 * 1024;

    /// <summary>The limits of a client.</summary>
    /// <param name="memory">The memory for all blobs, in bytes.</param>
    /// <param name="connections">How many connections all blobs may have.</param>
    /// <param name="connectionsPerBlob">How many connections one blob may have.</param>
    public static FetchLimits Of(long memory, int connections, int connectionsPerBlob) =>
        new(new(connections), new(BuffersFor(memory, connections)), connectionsPerBlob);

    /// <summary>How many shared buffers there are: what the blobs' own buffers leave of the memory, at least one.</summary>
    internal static int BuffersFor(long memory, int connections) =>
        (int)Math.Clamp((memory - ((long)connections * OwnBufferSize)) / BufferBudget.BufferSize, 1, 1 << 16);
}
