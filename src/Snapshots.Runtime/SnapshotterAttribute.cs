namespace Containerd.Snapshots;

/// <summary>
/// Marks a partial class as a containerd snapshotter. Its public instance methods named Stat, Update, Usage, Mounts,
/// Prepare, View, Commit, Remove, Walk and Cleanup (each also with the suffix <c>Async</c>), declared or inherited,
/// answer containerd's calls; a call that the class does not have answers Unimplemented.
/// </summary>
/// <remarks>Not inherited: each class that is hosted is marked itself.</remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class SnapshotterAttribute : Attribute;
