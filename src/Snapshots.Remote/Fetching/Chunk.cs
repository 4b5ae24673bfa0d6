namespace Containerd.Snapshots.Remote.Fetching;

/// <summary>Bytes of a blob in a buffer of the budget.</summary>
/// <param name="Buffer">The buffer.</param>
/// <param name="Length">How many bytes of it are in use.</param>
internal readonly record struct Chunk(byte[] Buffer, int Length);
