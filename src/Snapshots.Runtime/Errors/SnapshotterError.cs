namespace Containerd.Snapshots;

/// <summary>
/// The kinds of error that containerd distinguishes. containerd acts on the kind; the text is for people.
/// </summary>
public enum SnapshotterError
{
    /// <summary>Unspecified. An unexpected exception becomes this kind.</summary>
    Unknown,

    /// <summary>The request is invalid: an empty key, a parent that is not committed.</summary>
    InvalidArgument,

    /// <summary>The snapshot does not exist.</summary>
    NotFound,

    /// <summary>The key or name is in use. Prepare answers it, too, for a layer that the snapshotter already has.</summary>
    AlreadyExists,

    /// <summary>The caller lacks permission.</summary>
    PermissionDenied,

    /// <summary>A resource is used up: disk space, inodes, memory.</summary>
    ResourceExhausted,

    /// <summary>
    /// The snapshot's state does not allow the call: Remove of a snapshot with children (containerd's garbage collection
    /// then continues with others), Commit of a view.
    /// </summary>
    FailedPrecondition,

    /// <summary>Another caller changed the snapshot. Sent as FailedPrecondition with a text that ends in "conflict".</summary>
    Conflict,

    /// <summary>Nothing had to change. Sent as FailedPrecondition with a text that ends in "not modified".</summary>
    NotModified,

    /// <summary>The call was stopped and changed nothing; a retry may work.</summary>
    Aborted,

    /// <summary>A value is outside its valid range.</summary>
    OutOfRange,

    /// <summary>The snapshotter does not support the call. Sent as Unimplemented.</summary>
    NotImplemented,

    /// <summary>A bug or invalid state in the snapshotter.</summary>
    Internal,

    /// <summary>Temporarily unavailable; the same call may work later.</summary>
    Unavailable,

    /// <summary>Data is permanently lost or corrupt.</summary>
    DataLoss,

    /// <summary>The caller did not authenticate.</summary>
    Unauthenticated,

    /// <summary>The call timed out.</summary>
    DeadlineExceeded,

    /// <summary>The caller disconnected or canceled the call.</summary>
    Canceled,
}
