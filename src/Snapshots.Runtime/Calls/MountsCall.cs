using System.ComponentModel;
using Containerd.Snapshots.Runtime.Wire;
using Google.Protobuf;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A Mounts from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class MountsCall : MountsReplyCall
{
    private const uint KeyTag = (2 << 3) | WireMessage.Bytes;

    internal MountsCall()
    {
    }

    /// <summary>The key of the active snapshot or view.</summary>
    public string Key { get; private set; } = "";

    internal override string CallName => "Mounts";

    internal override ValueTask AnswerAsync(SnapshotterService service) => service.Mounts(this);

    internal override string Subject => Key;

    internal override SnapshotResult Check() => WireLimits.CheckKey(Key, "key");

    private protected override void ReadField(uint tag, ref ParseContext input)
    {
        if (tag == KeyTag)
            Key = input.ReadString();
        else
            base.ReadField(tag, ref input);
    }
}
