using System.ComponentModel;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A call without a payload in its answer: Commit, Remove, Cleanup. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class EmptyCall : SnapshotCall
{
    private protected EmptyCall()
    {
    }

    /// <summary>Answers with success.</summary>
    public ValueTask Reply() => default;

    /// <summary>Answers with success when the method has completed. Null fails the call with Internal.</summary>
    /// <param name="done">What the method returned.</param>
    public ValueTask Reply(Task? done) => done is null ? FailOnNull() : new(done);

    /// <inheritdoc cref="Reply(Task)"/>
    public ValueTask Reply(ValueTask done) => done;

    /// <summary>Answers with success or an error.</summary>
    /// <param name="result">What the method returned.</param>
    public ValueTask Reply(SnapshotResult result)
    {
        if (!result.IsSuccess)
            Fail(result);

        return default;
    }

    /// <inheritdoc cref="Reply(SnapshotResult)"/>
    public ValueTask Reply(Task<SnapshotResult>? result) =>
        result is null ? FailOnNull() : Reply(new ValueTask<SnapshotResult>(result));

    /// <inheritdoc cref="Reply(SnapshotResult)"/>
    public async ValueTask Reply(ValueTask<SnapshotResult> result) =>
        await Reply(await result.ConfigureAwait(false)).ConfigureAwait(false);
}
