using System;
using System.Collections.Immutable;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>A call that a snapshotter can have. There is one instance of each: they are equal by reference.</summary>
internal sealed class SnapshotterCall(string name, Payload payload, ImmutableArray<CallParameter> parameters)
{
    private const string AsyncSuffix = "Async";

    private readonly string _asyncName = name + AsyncSuffix;

    /// <summary>The name of a method that answers it, without the suffix <c>Async</c>.</summary>
    public string Name { get; } = name;

    public Payload Payload { get; } = payload;

    /// <summary>What a method can take of it, besides the context and cancellation tokens.</summary>
    public ImmutableArray<CallParameter> Parameters { get; } = parameters;

    // Asked of every member of every class that is marked, so that nothing is put together here.
    public bool IsNameOf(string methodName) => methodName == Name || methodName == _asyncName;

    /// <summary>A method's name without the suffix <c>Async</c>.</summary>
    public static string WithoutSuffix(string methodName) => methodName.EndsWith(AsyncSuffix, StringComparison.Ordinal)
        ? methodName.Substring(0, methodName.Length - AsyncSuffix.Length)
        : methodName;
}

/// <summary>A parameter that a call can bind, by name and type.</summary>
internal sealed record CallParameter(Argument Argument, string Name, ParameterType Type);

/// <summary>The type of a parameter.</summary>
internal enum ParameterType
{
    String,
    StringList,
    Labels,
    Info,
    Filter,
}

/// <summary>What a call is answered with.</summary>
internal enum Payload
{
    None,

    /// <summary>One info; null means that there is no such snapshot.</summary>
    Info,

    /// <summary>A usage; null means that there is no such snapshot.</summary>
    Usage,

    /// <summary>The mounts of a snapshot; null means that there is none.</summary>
    Mounts,

    /// <summary>The mounts of a snapshot that the call creates: never null.</summary>
    NewMounts,

    /// <summary>A sequence of infos.</summary>
    Infos,
}
