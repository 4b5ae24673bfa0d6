namespace Containerd.Snapshots.Runtime.Wire;

/// <summary>
/// One message of a stream of infos: at most 100 infos and, unless one is larger by itself, at most 1 MiB. Peers bound
/// the count alone, and exceed containerd's limit of 16 MiB when labels are large. An info is written when it is added.
/// </summary>
internal sealed class InfoBatch : IDisposable
{
    public const int MaxInfos = 100, MaxBytes = 1 << 20;

    private const int InfoField = 1;

    private readonly WireWriter _message = new();
    private int _count;

    /// <summary>The message.</summary>
    public ReadOnlySpan<byte> Message => _message.Written;

    public bool IsEmpty => _count == 0;

    public bool IsFull => _count == MaxInfos || _message.Length >= MaxBytes;

    /// <summary>Adds an info; false if the batch has to go out first, or the info exceeds every message.</summary>
    public bool TryAdd(SnapshotInfo info)
    {
        if (IsFull)
            return false;

        var before = _message.Length;
        InfoMessage.Write(InfoField, info, _message);
        if (_message.Length > (IsEmpty ? WireLimits.MaxMessageBytes : MaxBytes))
        {
            _message.Truncate(before);
            return false;
        }

        _count++;
        return true;
    }

    public void Clear()
    {
        _message.Truncate(0);
        _count = 0;
    }

    public void Dispose() => _message.Dispose();
}
