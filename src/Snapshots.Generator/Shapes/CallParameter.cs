using System;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>A parameter that a method of a call can take. There is one instance of each: they are equal by reference.</summary>
internal sealed class CallParameter(string name, ParameterType type)
{
    /// <summary>The name that the parameter must have.</summary>
    public string Name { get; } = name;

    /// <summary>The type that the parameter must have.</summary>
    public ParameterType Type { get; } = type;

    /// <summary>The property of the runtime's call that holds the argument.</summary>
    public string Property { get; } = char.ToUpperInvariant(name[0]) + name.Substring(1);

    /// <summary>Whether it says which snapshot the call is about.</summary>
    public bool IsKey { get; init; }

    /// <summary>Whether it is a form of the request's filter. A method takes at most one form; if it takes none, the runtime filters.</summary>
    public bool IsFilter { get; init; }
}

/// <summary>The type of a parameter.</summary>
/// <param name="text">The type as code and messages write it.</param>
/// <param name="symbol">Looks the type up.</param>
internal sealed class ParameterType(string text, Func<KnownTypes, ITypeSymbol?> symbol)
{
    public static ParameterType String { get; } = new("string", known => known.String);

    public static ParameterType StringList { get; } = new("IReadOnlyList<string>", known => known.StringList);

    public static ParameterType Labels { get; } = new("IReadOnlyDictionary<string, string>", known => known.Labels);

    public static ParameterType Info { get; } = new("SnapshotInfo", known => known.Info);

    public static ParameterType Filter { get; } = new("SnapshotFilter", known => known.Filter);

    public static ParameterType Context { get; } = new("SnapshotContext", known => known.Context);

    public static ParameterType CancellationToken { get; } = new("CancellationToken", known => known.CancellationToken);

    public string Text { get; } = text;

    public ITypeSymbol? In(KnownTypes known) => symbol(known);
}
