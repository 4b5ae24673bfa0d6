using System.ComponentModel;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>
/// A call that is answered with a payload. The overloads of <c>Reply</c> take every form in which a method can return
/// it, so that emitted code need not know one from another. For emitted code: the generator has checked the type.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ReplyCall : SnapshotCall
{
    private bool _nullIsNotFound;

    private protected ReplyCall()
    {
    }

    /// <summary>Answers with a payload; null is an error of the snapshotter.</summary>
    /// <param name="payload">What the method returned.</param>
    /// <typeparam name="T">The call's payload.</typeparam>
    public ValueTask Reply<T>(T payload)
    {
        if (payload is not null)
            return Accept(payload);

        if (!_nullIsNotFound)
            return FailOnNull();

        Fail(SnapshotResult.NotFound(Subject));
        return default;
    }

    /// <inheritdoc cref="Reply{T}(T)"/>
    public ValueTask Reply<T>(Task<T>? payload) =>
        payload is null ? FailOnNull() : Reply(new ValueTask<T>(payload));

    /// <inheritdoc cref="Reply{T}(T)"/>
    public ValueTask Reply<T>(ValueTask<T> payload) =>
        payload.IsCompletedSuccessfully ? Reply(payload.Result) : ReplyLater(payload);

    /// <summary>Answers with a payload or an error; null is an error of the snapshotter.</summary>
    /// <param name="payload">What the method returned.</param>
    /// <typeparam name="T">The call's payload.</typeparam>
    public ValueTask Reply<T>(SnapshotResult<T> payload)
    {
        if (payload.IsSuccess)
            return Reply(payload.Value);

        Fail(payload.Outcome);
        return default;
    }

    /// <inheritdoc cref="Reply{T}(SnapshotResult{T})"/>
    public ValueTask Reply<T>(Task<SnapshotResult<T>>? payload) =>
        payload is null ? FailOnNull() : Reply(new ValueTask<SnapshotResult<T>>(payload));

    /// <inheritdoc cref="Reply{T}(SnapshotResult{T})"/>
    public ValueTask Reply<T>(ValueTask<SnapshotResult<T>> payload) =>
        payload.IsCompletedSuccessfully ? Reply(payload.Result) : ReplyLater(payload);

    /// <summary>Answers with a payload; null means that there is no such snapshot.</summary>
    /// <inheritdoc cref="Reply{T}(T)"/>
    public ValueTask ReplyOrNotFound<T>(T payload) => NullIsNotFound().Reply(payload);

    /// <inheritdoc cref="ReplyOrNotFound{T}(T)"/>
    public ValueTask ReplyOrNotFound<T>(Task<T>? payload) => NullIsNotFound().Reply(payload);

    /// <inheritdoc cref="ReplyOrNotFound{T}(T)"/>
    public ValueTask ReplyOrNotFound<T>(ValueTask<T> payload) => NullIsNotFound().Reply(payload);

    /// <summary>Answers with a payload or an error; null means that there is no such snapshot.</summary>
    /// <inheritdoc cref="Reply{T}(SnapshotResult{T})"/>
    public ValueTask ReplyOrNotFound<T>(SnapshotResult<T> payload) => NullIsNotFound().Reply(payload);

    /// <inheritdoc cref="ReplyOrNotFound{T}(SnapshotResult{T})"/>
    public ValueTask ReplyOrNotFound<T>(Task<SnapshotResult<T>>? payload) => NullIsNotFound().Reply(payload);

    /// <inheritdoc cref="ReplyOrNotFound{T}(SnapshotResult{T})"/>
    public ValueTask ReplyOrNotFound<T>(ValueTask<SnapshotResult<T>> payload) => NullIsNotFound().Reply(payload);

    /// <summary>Takes the payload, which is of the call's type and not null.</summary>
    private protected abstract ValueTask Accept(object payload);

    private ReplyCall NullIsNotFound()
    {
        _nullIsNotFound = true;
        return this;
    }

    private async ValueTask ReplyLater<T>(ValueTask<T> payload) =>
        await Reply(await payload.ConfigureAwait(false)).ConfigureAwait(false);

    private async ValueTask ReplyLater<T>(ValueTask<SnapshotResult<T>> payload) =>
        await Reply(await payload.ConfigureAwait(false)).ConfigureAwait(false);
}
