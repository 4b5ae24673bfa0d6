using Containerd.Snapshots.Runtime.Errors;

namespace Containerd.Snapshots;

/// <summary>
/// Success, or an error as a value: what a method without an answer (Commit, Remove, Cleanup) can return in place of
/// throwing, and where the errors of <see cref="SnapshotResult{T}"/> come from. The default is success.
/// </summary>
public readonly record struct SnapshotResult
{
    private SnapshotResult(SnapshotterError error, string message)
    {
        Error = error;
        Message = message;
    }

    /// <summary>The call did what it should.</summary>
    public static SnapshotResult Success => default;

    /// <summary>The kind of error, or null for success.</summary>
    public SnapshotterError? Error { get; }

    /// <summary>What went wrong; empty for success.</summary>
    public string Message => field ?? "";

    /// <summary>Whether there is no error.</summary>
    public bool IsSuccess => Error is null;

    /// <summary>A value as a result. For types that do not convert by themselves: collection expressions, interfaces.</summary>
    /// <typeparam name="T">The call's payload.</typeparam>
    /// <param name="value">The value.</param>
    public static SnapshotResult<T> Of<T>(T value) => new(value, default);

    /// <summary>An error of a given kind.</summary>
    /// <param name="error">The kind.</param>
    /// <param name="message">What went wrong. The text by which containerd knows the kind is added on the wire.</param>
    public static SnapshotResult Failure(SnapshotterError error, string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new(error, message);
    }

    /// <inheritdoc cref="SnapshotterException.NotFound"/>
    public static SnapshotResult NotFound(string key) => Failure(SnapshotterError.NotFound, ErrorText.Snapshot(key));

    /// <inheritdoc cref="SnapshotterException.AlreadyExists"/>
    public static SnapshotResult AlreadyExists(string key) => Failure(SnapshotterError.AlreadyExists, ErrorText.Snapshot(key));

    /// <inheritdoc cref="SnapshotterException.InvalidArgument"/>
    public static SnapshotResult InvalidArgument(string message) => Failure(SnapshotterError.InvalidArgument, message);

    /// <inheritdoc cref="SnapshotterException.FailedPrecondition"/>
    public static SnapshotResult FailedPrecondition(string message) => Failure(SnapshotterError.FailedPrecondition, message);

    /// <inheritdoc cref="SnapshotterException.ResourceExhausted"/>
    public static SnapshotResult ResourceExhausted(string message) => Failure(SnapshotterError.ResourceExhausted, message);

    /// <inheritdoc cref="SnapshotterException.Unavailable"/>
    public static SnapshotResult Unavailable(string message) => Failure(SnapshotterError.Unavailable, message);

    /// <inheritdoc cref="SnapshotterException.NotImplemented"/>
    public static SnapshotResult NotImplemented(string message) => Failure(SnapshotterError.NotImplemented, message);
}
