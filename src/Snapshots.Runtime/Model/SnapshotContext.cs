namespace Containerd.Snapshots;

/// <summary>
/// Information about a call besides its arguments, for a snapshotter's method that has a parameter of this type. It
/// stays valid after the call; unit tests can create it.
/// </summary>
public sealed record SnapshotContext
{
    /// <summary>The plugin's name in containerd's configuration: <c>[proxy_plugins.NAME]</c>.</summary>
    public string Snapshotter { get; init; } = "";

    /// <summary>
    /// containerd's namespace (<c>default</c>, <c>k8s.io</c>), or null if the caller sent none, as garbage collection
    /// does. Do not require it: keys are unique across namespaces.
    /// </summary>
    public string? Namespace { get; init; }

    /// <summary>The lease that protects the snapshot from garbage collection, or null if the caller sent none.</summary>
    public string? Lease { get; init; }

    /// <summary>
    /// When the call times out, in UTC: the caller's deadline or the host's limit, whichever is earlier. Null if there
    /// is no limit, as in a unit test.
    /// For a Walk it is the first one: the server's limit begins anew with each info.
    /// </summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>
    /// The user id of the calling process, as the kernel reports it, or null if it is unknown. A user of another user
    /// namespace has the kernel's overflow id, 65534 by default.
    /// </summary>
    public uint? PeerUid { get; init; }

    /// <summary>Lets the call leave its place; null in a unit test.</summary>
    internal Func<IDisposable?>? Leave { get; init; }

    /// <summary>Compares what the call says; where it runs does not matter.</summary>
    /// <param name="other">Another context; null is never equal.</param>
    public bool Equals(SnapshotContext? other) => other is not null
        && (Snapshotter, Namespace, Lease, Deadline, PeerUid) == (other.Snapshotter, other.Namespace, other.Lease, other.Deadline, other.PeerUid);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Snapshotter, Namespace, Lease, Deadline, PeerUid);

    /// <summary>
    /// Waits for something outside this program, such as a download. Meanwhile the call takes no place of
    /// <see cref="SnapshotterLimits.MaxConcurrentCalls"/>, so other calls are answered, and the host's time limit for it does
    /// not count. The caller's deadline does. It gets no place back afterwards, so what follows in the method must be short.
    /// </summary>
    /// <param name="task">What to wait for. It must end by itself, since no limit of the host ends it.</param>
    /// <param name="cancellationToken">The call's token: cancels the wait, not the task.</param>
    /// <remarks>Up to 512 calls can wait in this way. Further ones keep their places and their limits.</remarks>
    public async Task WaitAsync(Task task, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (!task.IsCompleted)
        {
            using (Leave?.Invoke())
                await task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        cancellationToken.ThrowIfCancellationRequested();
        await task.ConfigureAwait(false);
    }
}
