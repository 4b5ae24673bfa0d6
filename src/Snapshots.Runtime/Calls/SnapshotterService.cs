using System.ComponentModel;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>
/// Answers containerd's calls. Emitted code derives from it and overrides the calls that a snapshotter has; all others
/// answer Unimplemented. An override answers with the call's <c>Reply</c> methods; its exceptions become errors.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class SnapshotterService
{
    /// <summary>The names of the overridden calls, for the host's log.</summary>
    public abstract string Calls { get; }

    /// <summary>Answers Stat.</summary>
    /// <param name="call">The call.</param>
    public virtual ValueTask Stat(StatCall call) => NotImplemented(call);

    /// <summary>Answers Update.</summary>
    /// <param name="call">The call.</param>
    public virtual ValueTask Update(UpdateCall call) => NotImplemented(call);

    /// <summary>Answers Usage.</summary>
    /// <param name="call">The call.</param>
    public virtual ValueTask Usage(UsageCall call) => NotImplemented(call);

    /// <summary>Answers Mounts.</summary>
    /// <param name="call">The call.</param>
    public virtual ValueTask Mounts(MountsCall call) => NotImplemented(call);

    /// <summary>Answers Prepare.</summary>
    /// <param name="call">The call.</param>
    public virtual ValueTask Prepare(PrepareCall call) => NotImplemented(call);

    /// <summary>Answers View.</summary>
    /// <param name="call">The call.</param>
    public virtual ValueTask View(ViewCall call) => NotImplemented(call);

    /// <summary>Answers Commit.</summary>
    /// <param name="call">The call.</param>
    public virtual ValueTask Commit(CommitCall call) => NotImplemented(call);

    /// <summary>Answers Remove.</summary>
    /// <param name="call">The call.</param>
    public virtual ValueTask Remove(RemoveCall call) => NotImplemented(call);

    /// <summary>Answers List.</summary>
    /// <param name="call">The call.</param>
    public virtual ValueTask Walk(WalkCall call) => NotImplemented(call);

    /// <summary>Answers Cleanup.</summary>
    /// <param name="call">The call.</param>
    public virtual ValueTask Cleanup(CleanupCall call) => NotImplemented(call);

    private static ValueTask NotImplemented(SnapshotCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.Fail(SnapshotResult.NotImplemented($"this snapshotter has no {call.CallName}"));
        return default;
    }
}
