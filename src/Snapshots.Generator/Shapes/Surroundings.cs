using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>The types and namespaces around a type, and its base types.</summary>
internal static class Surroundings
{
    /// <summary>The types that a type is nested in, the innermost first.</summary>
    public static IEnumerable<INamedTypeSymbol> Containers(this INamedTypeSymbol type)
    {
        for (var each = type.ContainingType; each is not null; each = each.ContainingType)
            yield return each;
    }

    /// <summary>The types that a type derives from, the nearest first.</summary>
    public static IEnumerable<INamedTypeSymbol> BaseTypes(this INamedTypeSymbol type)
    {
        for (var each = type.BaseType; each is not null; each = each.BaseType)
            yield return each;
    }

    /// <summary>The names of the namespaces around a type, the innermost first.</summary>
    public static IEnumerable<string> NamespaceNames(this INamedTypeSymbol type)
    {
        for (var each = type.ContainingNamespace; !each.IsGlobalNamespace; each = each.ContainingNamespace)
            yield return each.Name;
    }
}
