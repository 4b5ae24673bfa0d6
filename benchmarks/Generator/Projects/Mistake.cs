namespace Containerd.Snapshots.Benchmarks.Generator.Projects;

/// <summary>A mistake in a snapshotter that a fix mends.</summary>
public enum Mistake
{
    /// <summary>A call takes a parameter that it does not have.</summary>
    Parameter,

    /// <summary>A parameter has another name.</summary>
    ParameterName,

    /// <summary>A call has another name.</summary>
    Name,

    /// <summary>A call is not public.</summary>
    Modifier,

    /// <summary>A call takes no cancellation token.</summary>
    Token,
}
