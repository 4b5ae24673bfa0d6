using System.ComponentModel;
using Containerd.Snapshots.CompilerServices;

namespace Containerd.Snapshots;

/// <summary>
/// What a class marked <see cref="SnapshotterAttribute"/> can be hosted by. The generator implements it; there is
/// nothing to write.
/// </summary>
/// <typeparam name="TSelf">The class itself.</typeparam>
public interface ISnapshotter<TSelf>
    where TSelf : class, ISnapshotter<TSelf>
{
    /// <summary>Makes the service that answers containerd's calls with the methods of a snapshotter.</summary>
    /// <param name="snapshotter">The snapshotter.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    static abstract SnapshotterService CreateService(TSelf snapshotter);
}
