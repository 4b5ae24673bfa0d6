namespace Containerd.Snapshots.Benchmarks.Generator.Projects;

/// <summary>The last edit of an author.</summary>
public enum Edit
{
    /// <summary>None: the project is built or opened for the first time.</summary>
    None,

    /// <summary>A body in a file without a snapshotter.</summary>
    Elsewhere,

    /// <summary>A body in a snapshotter.</summary>
    Body,

    /// <summary>The signature of a call in a snapshotter.</summary>
    Signature,
}
