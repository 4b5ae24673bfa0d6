using System;
using System.Collections.Immutable;
using System.Linq;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>A call that a snapshotter can have. There is one instance of each: they are equal by reference.</summary>
internal sealed class SnapshotterCall(string name, Payload payload, ImmutableArray<CallParameter> parameters)
{
    private const string AsyncSuffix = "Async";

    /// <summary>The name of a method that answers it, without the suffix <c>Async</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The other name of a method that answers it.</summary>
    public string AsyncName { get; } = name + AsyncSuffix;

    /// <summary>What the call is answered with.</summary>
    public Payload Payload { get; } = payload;

    /// <summary>The parameters that a method can take, besides the context and cancellation tokens.</summary>
    public ImmutableArray<CallParameter> Parameters { get; } = parameters;

    /// <summary>The parameters that say which snapshot the call is about.</summary>
    public ImmutableArray<CallParameter> Keys { get; } = [.. parameters.Where(each => each.IsKey)];

    /// <summary>The name in containerd's gRPC service.</summary>
    public string ServiceName { get; init; } = name;

    /// <summary>The documentation of its stub.</summary>
    public required string Summary { get; init; }

    /// <summary>What fails in containerd without the call; null: nothing.</summary>
    public string? Consequence { get; init; }

    /// <summary>Whether a class that has the call needs all calls whose lack has a consequence.</summary>
    public bool NeedsOthers { get; init; }

    /// <summary>Whether the call changes snapshots, so that it matters that it stops when it is canceled.</summary>
    public bool ChangesState { get; init; }

    /// <summary>Whether containerd writes to the mounts that are returned.</summary>
    public bool ReturnsWritableMounts { get; init; }

    /// <summary>Names that such a method has elsewhere.</summary>
    public ImmutableArray<string> Synonyms { get; init; } = [];

    /// <summary>The parameter of a name, or null.</summary>
    public CallParameter? FindParameter(string name) => Parameters.FirstOrDefault(each => each.Name == name);

    // Called for every member of every marked class, so it allocates nothing.
    public bool IsNameOf(string methodName) => methodName == Name || methodName == AsyncName;

    /// <summary>A method's name without the suffix <c>Async</c>.</summary>
    public static string WithoutSuffix(string methodName) => methodName.EndsWith(AsyncSuffix, StringComparison.Ordinal)
        ? methodName.Substring(0, methodName.Length - AsyncSuffix.Length)
        : methodName;
}
