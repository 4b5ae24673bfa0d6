namespace Containerd.Snapshots;

/// <summary>
/// Marks a partial class as a containerd snapshotter. Its public instance methods named Stat, Update, Usage, Mounts,
/// Prepare, View, Commit, Remove, Walk and Cleanup (each also with the suffix <c>Async</c>), declared or inherited,
/// answer containerd's calls. A call without a method is answered with Unimplemented.
/// </summary>
/// <remarks>Not inherited: mark each class that is hosted.</remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class SnapshotterAttribute : Attribute;
