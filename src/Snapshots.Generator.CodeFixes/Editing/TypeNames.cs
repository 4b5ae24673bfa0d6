using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.CodeFixes.Editing;

/// <summary>The names of types at a position, and the namespaces to import for them.</summary>
internal static class TypeNames
{
    private static readonly SymbolDisplayFormat Short = SymbolDisplayFormat.MinimallyQualifiedFormat;

    /// <summary>
    /// The short name, with the namespaces to import for it; the full name if a short one means something else.
    /// </summary>
    public static (string Text, IEnumerable<string> Usings) Of(ITypeSymbol type, SemanticModel model, int position)
    {
        var named = TypesIn(type).OfType<INamedTypeSymbol>().Where(each => each.SpecialType == SpecialType.None || each.IsGenericType).ToList();
        var unknown = named.Where(each => !Found(each, model, position).Any()).ToList();

        return named.Except(unknown, SymbolEqualityComparer.Default).Cast<INamedTypeSymbol>().All(each => Means(each, model, position))
            ? (type.ToDisplayString(Short), unknown.Select(each => each.ContainingNamespace.ToDisplayString()))
            : (type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), []);
    }

    private static bool Means(INamedTypeSymbol type, SemanticModel model, int position) =>
        Found(type, model, position) is [var only] && SymbolEqualityComparer.Default.Equals(only.OriginalDefinition, type.OriginalDefinition);

    private static List<ISymbol> Found(INamedTypeSymbol type, SemanticModel model, int position) =>
        [.. model.LookupNamespacesAndTypes(position, name: type.Name).Where(each => (each as INamedTypeSymbol)?.Arity == type.Arity)];

    private static IEnumerable<ITypeSymbol> TypesIn(ITypeSymbol type) =>
        type is INamedTypeSymbol named ? named.TypeArguments.SelectMany(TypesIn).Prepend(type) : [type];
}
