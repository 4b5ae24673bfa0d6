using System.ComponentModel;
using Containerd.Snapshots.Runtime.Wire;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A call that is answered with mounts, or with one mount: Mounts, Prepare, View. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class MountsReplyCall : ReplyCall<IEnumerable<Mount>>
{
    private const int MountsField = 1;

    private Mount[] _reply = [];

    private protected MountsReplyCall()
    {
    }

    /// <summary>Answers with one mount; null is an error of the snapshotter.</summary>
    /// <param name="mount">What the method returned.</param>
    public ValueTask ReplyOne(Mount? mount) => Reply(Several(mount));

    /// <inheritdoc cref="ReplyOne(Mount)"/>
    public ValueTask ReplyOne(Task<Mount?>? mount) => mount is null ? FailOnNull() : ReplyOne(new ValueTask<Mount?>(mount));

    /// <inheritdoc cref="ReplyOne(Mount)"/>
    public ValueTask ReplyOne(ValueTask<Mount?> mount) => mount.IsCompletedSuccessfully ? ReplyOne(mount.Result) : ReplyLater(mount);

    /// <summary>Answers with one mount or an error; null is an error of the snapshotter.</summary>
    /// <param name="mount">What the method returned.</param>
    public ValueTask ReplyOne(SnapshotResult<Mount?> mount) => Reply(Several(mount));

    /// <inheritdoc cref="ReplyOne(SnapshotResult{Mount})"/>
    public ValueTask ReplyOne(Task<SnapshotResult<Mount?>>? mount) => mount is null ? FailOnNull() : ReplyOne(new ValueTask<SnapshotResult<Mount?>>(mount));

    /// <inheritdoc cref="ReplyOne(SnapshotResult{Mount})"/>
    public ValueTask ReplyOne(ValueTask<SnapshotResult<Mount?>> mount) => mount.IsCompletedSuccessfully ? ReplyOne(mount.Result) : ReplyLater(mount);

    /// <inheritdoc cref="ReplyCall{TPayload}.NullIsNotFound"/>
    public new MountsReplyCall NullIsNotFound()
    {
        base.NullIsNotFound();
        return this;
    }

    internal override void Write(WireWriter output)
    {
        foreach (var mount in _reply)
            MountMessage.Write(MountsField, mount, output);
    }

    // A copy: the sequence may be the snapshotter's own, and change.
    private protected override ValueTask Accept(IEnumerable<Mount> payload)
    {
        Mount[] mounts = [.. payload];
        if (Array.IndexOf(mounts, null) >= 0)
            throw new SnapshotterException(SnapshotterError.Internal, "the snapshotter returned a mount that is null");

        _reply = mounts;
        return default;
    }

    private static Mount[]? Several(Mount? mount) => mount is null ? null : [mount];

    private static SnapshotResult<Mount[]?> Several(SnapshotResult<Mount?> mount) => mount.IsSuccess ? Several(mount.Value) : mount.Outcome;

    private async ValueTask ReplyLater(ValueTask<Mount?> mount) =>
        await ReplyOne(await mount.ConfigureAwait(false)).ConfigureAwait(false);

    private async ValueTask ReplyLater(ValueTask<SnapshotResult<Mount?>> mount) =>
        await ReplyOne(await mount.ConfigureAwait(false)).ConfigureAwait(false);
}
