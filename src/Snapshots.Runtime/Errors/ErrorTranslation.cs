using Grpc.Core;

namespace Containerd.Snapshots.Runtime.Errors;

/// <summary>Errors and exceptions, as gRPC and containerd's client know them.</summary>
internal static class ErrorTranslation
{
    // What .NET leaves in IOException.HResult on Linux: the errno.
    private const int NoSpaceLeft = 28, QuotaExceeded = 122;

    public static Status ToStatus(SnapshotterError error, string message) =>
        new(ToStatusCode(error), ErrorText.ForWire(error, message));

    /// <summary>What an exception means to containerd.</summary>
    /// <param name="exception">What a snapshotter's method has thrown.</param>
    /// <param name="callIsCanceled">Whether the caller has given up or run out of time.</param>
    /// <param name="deadlineIsOver">Whether it has run out of time.</param>
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

    /// <summary>The code of an error, or OK for none.</summary>
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
