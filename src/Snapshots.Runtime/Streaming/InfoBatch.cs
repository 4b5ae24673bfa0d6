using Containerd.Snapshots.Wire;

namespace Containerd.Snapshots;

/// <summary>
/// One message of a stream of infos: at most 100 infos and, unless one is larger by itself, at most 1 MiB. Peers bound
/// the count alone, and exceed containerd's limit of 16 MiB when labels are large.
/// </summary>
internal sealed class InfoBatch
{
    public const int MaxInfos = 100, MaxBytes = 1 << 20;

    // Each info costs a tag and a length of at most four bytes (below 16 MiB) beside its own bytes.
    private const int OverheadBytes = 5;

    private int _bytes;

    public ListSnapshotsResponse Message { get; } = new();

    public bool IsEmpty => Message.Info.Count == 0;

    public bool IsFull => Message.Info.Count == MaxInfos || _bytes >= MaxBytes;

    /// <summary>Adds an info; false if the batch has to go out first, or the info exceeds every message.</summary>
    public bool TryAdd(Info info)
    {
        var bytes = info.CalculateSize() + OverheadBytes;
        var limit = IsEmpty ? WireLimits.MaxMessageBytes : MaxBytes;
        if (IsFull || _bytes + bytes > limit)
            return false;

        Message.Info.Add(info);
        _bytes += bytes;
        return true;
    }

    public void Clear()
    {
        Message.Info.Clear();
        _bytes = 0;
    }
}
