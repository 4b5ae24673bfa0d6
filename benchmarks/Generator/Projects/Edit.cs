namespace Containerd.Snapshots.Benchmarks.Generator.Projects;

/// <summary>What an author has just typed.</summary>
public enum Edit
{
    /// <summary>Nothing: the project is built, or opened, and nothing of it is known yet.</summary>
    None,

    /// <summary>A body in a file without a snapshotter.</summary>
    Elsewhere,

    /// <summary>A body in a snapshotter.</summary>
    Body,

    /// <summary>The signature of a call in a snapshotter.</summary>
    Signature,
}
