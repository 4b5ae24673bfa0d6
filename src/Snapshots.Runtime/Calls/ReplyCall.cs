using System.ComponentModel;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>
/// A call that is answered with a payload. The overloads of <c>Reply</c> take every form in which a method can return it.
/// For emitted code.
/// </summary>
/// <typeparam name="TPayload">The type of the payload.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ReplyCall<TPayload> : SnapshotCall
    where TPayload : class
{
    private bool _nullIsNotFound;

    private protected ReplyCall()
    {
    }

    /// <summary>Answers with a payload; null is an error of the snapshotter.</summary>
    /// <param name="payload">What the method returned.</param>
    public ValueTask Reply<T>(T payload)
        where T : TPayload?
    {
        if (payload is not null)
            return Accept(payload);

        if (!_nullIsNotFound)
            return FailOnNull();

        Fail(SnapshotResult.NotFound(Subject));
        return default;
    }

    /// <inheritdoc cref="Reply{T}(T)"/>
    public ValueTask Reply<T>(Task<T>? payload)
        where T : TPayload? => payload is null ? FailOnNull() : Reply(new ValueTask<T>(payload));

    /// <inheritdoc cref="Reply{T}(T)"/>
    public ValueTask Reply<T>(ValueTask<T> payload)
        where T : TPayload? => payload.IsCompletedSuccessfully ? Reply(payload.Result) : ReplyLater(payload);

    /// <summary>Answers with a payload or an error; null is an error of the snapshotter.</summary>
    /// <param name="payload">What the method returned.</param>
    public ValueTask Reply<T>(SnapshotResult<T> payload)
        where T : TPayload?
    {
        if (payload.IsSuccess)
            return Reply(payload.Value);

        Fail(payload.Outcome);
        return default;
    }

    /// <inheritdoc cref="Reply{T}(SnapshotResult{T})"/>
    public ValueTask Reply<T>(Task<SnapshotResult<T>>? payload)
        where T : TPayload? => payload is null ? FailOnNull() : Reply(new ValueTask<SnapshotResult<T>>(payload));

    /// <inheritdoc cref="Reply{T}(SnapshotResult{T})"/>
    public ValueTask Reply<T>(ValueTask<SnapshotResult<T>> payload)
        where T : TPayload? => payload.IsCompletedSuccessfully ? Reply(payload.Result) : ReplyLater(payload);

    /// <summary>From now on a payload that is null means that the snapshot does not exist.</summary>
    public ReplyCall<TPayload> NullIsNotFound()
    {
        _nullIsNotFound = true;
        return this;
    }

    /// <summary>Takes the payload.</summary>
    private protected abstract ValueTask Accept(TPayload payload);

    private async ValueTask ReplyLater<T>(ValueTask<T> payload)
        where T : TPayload? => await Reply(await payload.ConfigureAwait(false)).ConfigureAwait(false);

    private async ValueTask ReplyLater<T>(ValueTask<SnapshotResult<T>> payload)
        where T : TPayload? => await Reply(await payload.ConfigureAwait(false)).ConfigureAwait(false);
}
