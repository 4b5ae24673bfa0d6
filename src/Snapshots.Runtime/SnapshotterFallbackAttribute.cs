namespace Containerd.Snapshots;

/// <summary>
/// Marks a field or property of a snapshotter that answers the calls which the class lacks, with the public methods of its type,
/// by the same rules. The type needs no mark. A class has at most one fallback; it is not static.
/// </summary>
/// <remarks>
/// If several methods of the type fit a call, the asynchronous one is taken, then the one with most parameters. A type that is
/// marked <see cref="SnapshotterAttribute"/> itself gets whole calls, and may have a fallback in turn. The host disposes the
/// class only: let it dispose the member. If the member is null when a call comes, the call fails with Internal.
/// </remarks>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class SnapshotterFallbackAttribute : Attribute;
