using System.ComponentModel;
using Containerd.Snapshots.Runtime.Wire;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A Mounts from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class MountsCall : MountsReplyCall
{
    private const int KeyField = 2;

    internal MountsCall()
    {
    }

    /// <summary>The key of the active snapshot or view.</summary>
    public string Key { get; private set; } = "";

    internal override string CallName => "Mounts";

    internal override ValueTask AnswerAsync(SnapshotterService service) => service.Mounts(this);

    internal override string Subject => Key;

    internal override SnapshotResult Check() => WireLimits.CheckKey(Key, "key");

    private protected override void ReadField(ref WireReader reader)
    {
        if (reader.IsBytes(KeyField))
            Key = reader.ReadText();
        else
            base.ReadField(ref reader);
    }
}
