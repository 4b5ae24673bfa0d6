using System.ComponentModel;
using Containerd.Snapshots.Runtime.Wire;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A call that is answered with an info: Stat, Update. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class InfoCall : ReplyCall
{
    private const int InfoField = 1;

    private SnapshotInfo? _reply;

    private protected InfoCall()
    {
    }

    internal override void Write(WireWriter output)
    {
        if (_reply is not null)
            InfoMessage.Write(InfoField, _reply, output);
    }

    private protected override ValueTask Accept(object payload)
    {
        _reply = (SnapshotInfo)payload;
        return default;
    }
}
