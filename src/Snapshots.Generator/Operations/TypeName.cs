using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Operations;

/// <summary>Recognizes types of .NET by their names.</summary>
internal static class TypeName
{
    /// <summary>The namespace and the name of a type, without type parameters and containing types.</summary>
    public static string Of(ITypeSymbol type) => $"{type.ContainingNamespace?.ToDisplayString()}.{type.Name}";

    /// <summary>Whether a type is Task or ValueTask, generic or not.</summary>
    public static bool IsTask(ITypeSymbol? type) =>
        type is { Name: "Task" or "ValueTask" } && type.ContainingNamespace?.ToDisplayString() == "System.Threading.Tasks";
}
