namespace Containerd.Snapshots;

/// <summary>
/// What is known about a call besides its arguments. A method that has a parameter of this type gets it. It stays valid
/// after the call, and can be made in a unit test.
/// </summary>
public sealed record SnapshotContext
{
    /// <summary>The name by which containerd's configuration calls this plugin: <c>[proxy_plugins.NAME]</c>.</summary>
    public string Snapshotter { get; init; } = "";

    /// <summary>
    /// containerd's namespace (<c>default</c>, <c>k8s.io</c>), or null: garbage collection sends none, so never
    /// require it. Keys are already unique across namespaces.
    /// </summary>
    public string? Namespace { get; init; }

    /// <summary>The lease that keeps the snapshot from garbage collection, or null if the caller holds none.</summary>
    public string? Lease { get; init; }

    /// <summary>
    /// When the call's time is up, in UTC: the caller stops waiting, or the host's limit is reached, whichever is first.
    /// Null where there is no limit, as in a unit test.
    /// </summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>The user id of the process that calls, as the kernel tells it, or null if it is not known.</summary>
    public uint? PeerUid { get; init; }
}
