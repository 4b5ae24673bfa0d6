using Containerd.Snapshots.Runtime.Errors;

namespace Containerd.Snapshots;

/// <summary>
/// An error that containerd understands. If a snapshotter's method throws it, containerd receives its kind and message.
/// For errors that are normal answers, <see cref="SnapshotResult{T}"/> costs less.
/// </summary>
/// <remarks>
/// Other exceptions reach containerd as <see cref="SnapshotterError.Unknown"/>, except: NotImplementedException as
/// NotImplemented, OperationCanceledException as DeadlineExceeded if the call timed out, otherwise as Canceled, and an
/// IOException because of a full disk or quota as ResourceExhausted.
/// </remarks>
public sealed class SnapshotterException : Exception
{
    /// <summary>Creates an error of the kind <see cref="SnapshotterError.Unknown"/>.</summary>
    public SnapshotterException()
        : this(SnapshotterError.Unknown, "unknown error")
    {
    }

    /// <summary>Creates an error of the kind <see cref="SnapshotterError.Unknown"/>.</summary>
    /// <param name="message">What went wrong.</param>
    public SnapshotterException(string message)
        : this(SnapshotterError.Unknown, message)
    {
    }

    /// <summary>Creates an error of the kind <see cref="SnapshotterError.Unknown"/>.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">The cause; logged, not sent.</param>
    public SnapshotterException(string message, Exception? innerException)
        : this(SnapshotterError.Unknown, message, innerException)
    {
    }

    /// <summary>Creates an error.</summary>
    /// <param name="error">The kind of error.</param>
    /// <param name="message">What went wrong. The ending that tells containerd the kind is added when it is sent.</param>
    /// <param name="innerException">The cause; logged, not sent.</param>
    public SnapshotterException(SnapshotterError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>The kind of error.</summary>
    public SnapshotterError Error { get; }

    /// <summary>The snapshot does not exist.</summary>
    /// <param name="key">The requested key or name.</param>
    public static SnapshotterException NotFound(string key) => new(SnapshotterError.NotFound, ErrorText.Snapshot(key));

    /// <summary>The key or name is in use.</summary>
    /// <param name="key">The requested key or name.</param>
    public static SnapshotterException AlreadyExists(string key) => new(SnapshotterError.AlreadyExists, ErrorText.Snapshot(key));

    /// <summary>The request is invalid.</summary>
    /// <param name="message">What is wrong with it.</param>
    public static SnapshotterException InvalidArgument(string message) => new(SnapshotterError.InvalidArgument, message);

    /// <summary>The snapshot's state does not allow the call.</summary>
    /// <param name="message">The state, and what must change.</param>
    public static SnapshotterException FailedPrecondition(string message) => new(SnapshotterError.FailedPrecondition, message);

    /// <summary>A resource is used up.</summary>
    /// <param name="message">Which resource is used up, and where.</param>
    public static SnapshotterException ResourceExhausted(string message) => new(SnapshotterError.ResourceExhausted, message);

    /// <summary>Temporarily unavailable; the same call may work later.</summary>
    /// <param name="message">What is missing.</param>
    public static SnapshotterException Unavailable(string message) => new(SnapshotterError.Unavailable, message);

    /// <summary>The snapshotter does not support the call.</summary>
    /// <param name="message">What is not supported.</param>
    public static SnapshotterException NotImplemented(string message) => new(SnapshotterError.NotImplemented, message);
}
