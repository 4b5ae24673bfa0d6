using System.ComponentModel;
using Containerd.Snapshots.Runtime.Wire;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A call that is answered with mounts: Mounts, Prepare, View. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class MountsReplyCall : ReplyCall
{
    private const int MountsField = 1;

    private Mount[] _reply = [];

    private protected MountsReplyCall()
    {
    }

    internal override void Write(WireWriter output)
    {
        foreach (var mount in _reply)
            MountMessage.Write(MountsField, mount, output);
    }

    // One mount, or several in order; the list may be the snapshotter's own, and change.
    private protected override ValueTask Accept(object payload)
    {
        Mount[] mounts = payload is Mount mount ? [mount] : [.. (IEnumerable<Mount>)payload];
        if (Array.IndexOf(mounts, null) >= 0)
            throw new SnapshotterException(SnapshotterError.Internal, "the snapshotter returned a mount that is null");

        _reply = mounts;
        return default;
    }
}
