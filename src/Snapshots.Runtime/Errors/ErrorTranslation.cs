using Grpc.Core;

namespace Containerd.Snapshots.Runtime.Errors;

/// <summary>Converts errors and exceptions to gRPC statuses.</summary>
internal static class ErrorTranslation
{
    // On Linux, IOException.HResult is the errno.
    private const int NoSpaceLeft = 28, QuotaExceeded = 122;

    public static Status ToStatus(SnapshotterError error, string message) =>
        new(ToStatusCode(error), ErrorText.ForWire(error, message));

    /// <summary>Converts an exception to an error.</summary>
    /// <param name="exception">The exception that a snapshotter's method threw.</param>
    /// <param name="callIsCanceled">Whether the caller canceled the call, or the call timed out.</param>
    /// <param name="deadlineIsOver">Whether the call timed out.</param>
    public static SnapshotResult ToFailure(Exception exception, bool callIsCanceled, bool deadlineIsOver) => exception switch
    {
        SnapshotterException known => SnapshotResult.Failure(known.Error, known.Message),
        OperationCanceledException when deadlineIsOver => SnapshotResult.Failure(SnapshotterError.DeadlineExceeded, "deadline exceeded"),
        OperationCanceledException when callIsCanceled => SnapshotResult.Failure(SnapshotterError.Canceled, "canceled"),
        OperationCanceledException => SnapshotResult.Failure(SnapshotterError.Canceled, $"canceled by the snapshotter itself: {exception.Message}"),
        NotImplementedException => SnapshotResult.NotImplemented(exception.Message),
        IOException { HResult: NoSpaceLeft or QuotaExceeded } => SnapshotResult.ResourceExhausted(exception.Message),
        _ => SnapshotResult.Failure(SnapshotterError.Unknown, exception.Message),
    };

    /// <summary>The gRPC code of an error; OK for null.</summary>
    public static StatusCode ToStatusCode(SnapshotterError? error) => error switch
    {
        null => StatusCode.OK,
        SnapshotterError.InvalidArgument => StatusCode.InvalidArgument,
        SnapshotterError.NotFound => StatusCode.NotFound,
        SnapshotterError.AlreadyExists => StatusCode.AlreadyExists,
        SnapshotterError.PermissionDenied => StatusCode.PermissionDenied,
        SnapshotterError.ResourceExhausted => StatusCode.ResourceExhausted,
        SnapshotterError.FailedPrecondition or SnapshotterError.Conflict or SnapshotterError.NotModified => StatusCode.FailedPrecondition,
        SnapshotterError.Aborted => StatusCode.Aborted,
        SnapshotterError.OutOfRange => StatusCode.OutOfRange,
        SnapshotterError.NotImplemented => StatusCode.Unimplemented,
        SnapshotterError.Internal => StatusCode.Internal,
        SnapshotterError.Unavailable => StatusCode.Unavailable,
        SnapshotterError.DataLoss => StatusCode.DataLoss,
        SnapshotterError.Unauthenticated => StatusCode.Unauthenticated,
        SnapshotterError.DeadlineExceeded => StatusCode.DeadlineExceeded,
        SnapshotterError.Canceled => StatusCode.Cancelled,
        _ => StatusCode.Unknown,
    };
}
