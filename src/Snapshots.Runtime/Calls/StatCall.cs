using System.ComponentModel;
using Containerd.Snapshots.Runtime.Wire;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A Stat from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class StatCall : ReplyCall<SnapshotInfo>
{
    private const int KeyField = 2;
    private const int InfoField = 1; // Of the response.

    private SnapshotInfo? _reply;

    internal StatCall()
    {
    }

    /// <summary>The snapshot's key, or name where it is committed.</summary>
    public string Key { get; private set; } = "";

    internal override string CallName => "Stat";

    internal override ValueTask AnswerAsync(SnapshotterService service) => service.Stat(this);

    internal override string Subject => Key;

    internal override SnapshotResult Check() => WireLimits.CheckKey(Key, "key");

    internal override void Write(WireWriter output)
    {
        if (_reply is not null)
            InfoMessage.Write(InfoField, _reply, output);
    }

    private protected override void ReadField(ref WireReader reader)
    {
        if (reader.IsBytes(KeyField))
            Key = reader.ReadText();
        else
            base.ReadField(ref reader);
    }

    private protected override ValueTask Accept(SnapshotInfo payload)
    {
        _reply = payload;
        return default;
    }
}
