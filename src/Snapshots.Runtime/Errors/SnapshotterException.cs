using Containerd.Snapshots.Runtime.Errors;

namespace Containerd.Snapshots;

/// <summary>
/// An error that containerd understands. Thrown from a snapshotter's method, it reaches containerd as its kind, with
/// its message; for errors that are normal answers, <see cref="SnapshotResult{T}"/> costs less. Other exceptions reach
/// containerd as <see cref="SnapshotterError.Unknown"/>.
/// </summary>
public sealed class SnapshotterException : Exception
{
    /// <summary>An error of unknown kind.</summary>
    public SnapshotterException()
        : this(SnapshotterError.Unknown, "unknown error")
    {
    }

    /// <summary>An error of unknown kind.</summary>
    /// <param name="message">What went wrong.</param>
    public SnapshotterException(string message)
        : this(SnapshotterError.Unknown, message)
    {
    }

    /// <summary>An error of unknown kind.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">The cause; logged, not sent.</param>
    public SnapshotterException(string message, Exception? innerException)
        : this(SnapshotterError.Unknown, message, innerException)
    {
    }

    /// <summary>An error of a given kind.</summary>
    /// <param name="error">The kind.</param>
    /// <param name="message">What went wrong. The text by which containerd knows the kind is added on the wire.</param>
    /// <param name="innerException">The cause; logged, not sent.</param>
    public SnapshotterException(SnapshotterError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>The kind.</summary>
    public SnapshotterError Error { get; }

    /// <summary>There is no snapshot with that key or name.</summary>
    /// <param name="key">The key or name that was asked for.</param>
    public static SnapshotterException NotFound(string key) => new(SnapshotterError.NotFound, ErrorText.Snapshot(key));

    /// <summary>That key or name is in use.</summary>
    /// <param name="key">The key or name that was asked for.</param>
    public static SnapshotterException AlreadyExists(string key) => new(SnapshotterError.AlreadyExists, ErrorText.Snapshot(key));

    /// <summary>The request is wrong by itself.</summary>
    /// <param name="message">What is wrong with it.</param>
    public static SnapshotterException InvalidArgument(string message) => new(SnapshotterError.InvalidArgument, message);

    /// <summary>The snapshot's state does not allow it.</summary>
    /// <param name="message">Which state, and what would have to change.</param>
    public static SnapshotterException FailedPrecondition(string message) => new(SnapshotterError.FailedPrecondition, message);

    /// <summary>Something has run out.</summary>
    /// <param name="message">What has run out, and where.</param>
    public static SnapshotterException ResourceExhausted(string message) => new(SnapshotterError.ResourceExhausted, message);

    /// <summary>Not now; the same call may work later.</summary>
    /// <param name="message">What is missing.</param>
    public static SnapshotterException Unavailable(string message) => new(SnapshotterError.Unavailable, message);

    /// <summary>This snapshotter does not do that.</summary>
    /// <param name="message">What it does not do.</param>
    public static SnapshotterException NotImplemented(string message) => new(SnapshotterError.NotImplemented, message);
}
