using System.ComponentModel;
using Containerd.Snapshots.Runtime.Wire;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A Remove from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class RemoveCall : EmptyCall
{
    private const int KeyField = 2;

    internal RemoveCall()
    {
    }

    /// <summary>The snapshot's key, or name where it is committed.</summary>
    public string Key { get; private set; } = "";

    internal override string CallName => "Remove";

    internal override ValueTask AnswerAsync(SnapshotterService service) => service.Remove(this);

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
