namespace Containerd.Snapshots.Runtime.Wire;

/// <summary>Bytes that are no message of the type that they should be.</summary>
internal sealed class WireFormatException(string message) : Exception(message);
