using System.ComponentModel;
using Containerd.Snapshots.Runtime.Wire;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A Usage from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class UsageCall : ReplyCall<SnapshotUsage>
{
    private const int KeyField = 2;
    private const int SizeField = 1, InodesField = 2;

    private SnapshotUsage _usage = SnapshotUsage.None;

    internal UsageCall()
    {
    }

    /// <summary>The snapshot's key, or name where it is committed.</summary>
    public string Key { get; private set; } = "";

    internal override string CallName => "Usage";

    internal override ValueTask AnswerAsync(SnapshotterService service) => service.Usage(this);

    internal override string Subject => Key;

    internal override SnapshotResult Check() => WireLimits.CheckKey(Key, "key");

    internal override void Write(WireWriter output)
    {
        output.Number(SizeField, _usage.Size);
        output.Number(InodesField, _usage.Inodes);
    }

    private protected override void ReadField(ref WireReader reader)
    {
        if (reader.IsBytes(KeyField))
            Key = reader.ReadText();
        else
            base.ReadField(ref reader);
    }

    private protected override ValueTask Accept(SnapshotUsage payload)
    {
        _usage = payload;
        return default;
    }
}
