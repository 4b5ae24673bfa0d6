namespace Containerd.Snapshots;

/// <summary>
/// The kinds of error that containerd tells apart. containerd decides by the kind what to do next; the text is for
/// people.
/// </summary>
public enum SnapshotterError
{
    /// <summary>Nothing is known but the text: what an unexpected exception becomes.</summary>
    Unknown,

    /// <summary>The request is wrong by itself, whatever the state: an empty key, a parent that is not committed.</summary>
    InvalidArgument,

    /// <summary>There is no such snapshot.</summary>
    NotFound,

    /// <summary>The key or name is in use. From Prepare of a layer, a normal answer: "I have that layer already".</summary>
    AlreadyExists,

    /// <summary>The caller may not do this.</summary>
    PermissionDenied,

    /// <summary>Something has run out: disk space, inodes, memory.</summary>
    ResourceExhausted,

    /// <summary>
    /// The snapshot's state does not allow it: Remove of one with children (containerd's garbage collection then goes
    /// on with others), Commit of a view.
    /// </summary>
    FailedPrecondition,

    /// <summary>Someone else changed it meanwhile. On the wire a FailedPrecondition whose text ends in "conflict".</summary>
    Conflict,

    /// <summary>Nothing had to change. On the wire a FailedPrecondition whose text ends in "not modified".</summary>
    NotModified,

    /// <summary>Given up half-way, with nothing changed; a retry may work.</summary>
    Aborted,

    /// <summary>Past the valid range.</summary>
    OutOfRange,

    /// <summary>This snapshotter does not do that. On the wire: Unimplemented.</summary>
    NotImplemented,

    /// <summary>A bug or broken state in the snapshotter.</summary>
    Internal,

    /// <summary>Not now; the same call may work later.</summary>
    Unavailable,

    /// <summary>Data is lost or corrupt for good.</summary>
    DataLoss,

    /// <summary>The caller did not say who it is.</summary>
    Unauthenticated,

    /// <summary>The caller's time was up.</summary>
    DeadlineExceeded,

    /// <summary>The caller went away or gave up.</summary>
    Canceled,
}
