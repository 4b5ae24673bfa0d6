using System.ComponentModel;
using Containerd.Snapshots.CompilerServices;

namespace Containerd.Snapshots;

/// <summary>
/// Lets a host serve a class marked <see cref="SnapshotterAttribute"/>. The generator implements it; do not implement
/// it yourself.
/// </summary>
/// <typeparam name="TSelf">The class itself.</typeparam>
public interface ISnapshotter<TSelf>
    where TSelf : class, ISnapshotter<TSelf>
{
    /// <summary>Creates the service that answers containerd's calls with a snapshotter's methods.</summary>
    /// <param name="snapshotter">The snapshotter.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    static abstract SnapshotterService CreateService(TSelf snapshotter);
}
