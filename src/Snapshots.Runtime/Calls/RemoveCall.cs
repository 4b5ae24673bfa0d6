using System.ComponentModel;
using Containerd.Snapshots.Runtime.Wire;
using Google.Protobuf;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A Remove from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class RemoveCall : EmptyCall
{
    private const uint KeyTag = (2 << 3) | WireMessage.Bytes;

    internal RemoveCall()
    {
    }

    /// <summary>The snapshot's key, or name where it is committed.</summary>
    public string Key { get; private set; } = "";

    internal override string CallName => "Remove";

    internal override ValueTask AnswerAsync(SnapshotterService service) => service.Remove(this);

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
