using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.CodeFixes.Editing;

/// <summary>The names of types at a position, and the namespaces to import for them.</summary>
internal sealed class TypeNames(SemanticModel model, int position)
{
    /// <summary>The namespaces to import.</summary>
    public HashSet<string> Usings { get; } = [];

    /// <summary>The short name; the full name where the short one means something else.</summary>
    public string Of(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => $"{Of(array.ElementType)}[{new string(',', array.Rank - 1)}]{NullabilityOf(type)}",
        INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable => $"{Of(nullable.TypeArguments[0])}?",
        INamedTypeSymbol { IsTupleType: false, ContainingType: null } named when named.IsGenericType || named.SpecialType == SpecialType.None =>
            $"{NameOf(named)}{ArgumentsOf(named)}{NullabilityOf(type)}",
        { SpecialType: not SpecialType.None } => WithoutNullability(type).ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat) + NullabilityOf(type), // A keyword.
        _ => WithoutNullability(type).ToMinimalDisplayString(model, position) + NullabilityOf(type),
    };

    private static ITypeSymbol WithoutNullability(ITypeSymbol type) => type.WithNullableAnnotation(NullableAnnotation.NotAnnotated);

    private string NameOf(INamedTypeSymbol type)
    {
        var found = model.LookupNamespacesAndTypes(position, name: type.Name).Where(each => (each as INamedTypeSymbol)?.Arity == type.Arity).ToList();
        if (found is [var only] && SymbolEqualityComparer.Default.Equals(only.OriginalDefinition, type.OriginalDefinition))
            return type.Name;

        if (found.Count > 0 || type.ContainingNamespace.IsGlobalNamespace)
            return $"{type.ContainingNamespace.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)}.{type.Name}";

        Usings.Add(type.ContainingNamespace.ToDisplayString());
        return type.Name;
    }

    private string ArgumentsOf(INamedTypeSymbol type) => type.TypeArguments.IsEmpty ? "" : $"<{string.Join(", ", type.TypeArguments.Select(Of))}>";

    private string NullabilityOf(ITypeSymbol type) =>
        type is { NullableAnnotation: NullableAnnotation.Annotated, IsReferenceType: true } && (model.GetNullableContext(position) & NullableContext.AnnotationsEnabled) != 0 ? "?" : "";
}
