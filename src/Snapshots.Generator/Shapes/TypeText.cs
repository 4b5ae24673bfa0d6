using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>Types as messages show them.</summary>
internal static class TypeText
{
    private static readonly SymbolDisplayFormat Signature = new(
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        memberOptions: SymbolDisplayMemberOptions.IncludeParameters,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeParamsRefOut,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>A method with the types of its parameters, which distinguish overloads.</summary>
    public static string Of(IMethodSymbol method) => method.ToDisplayString(Signature);

    public static string Of(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

    /// <summary>A type, and the text of what is expected instead; both with namespaces where other types have the same short names.</summary>
    public static (string Actual, string Expected) Of(ITypeSymbol type, string expected, KnownTypes known)
    {
        var namesakes = NamedTypesIn(type).Select(known.NamesakeOf).OfType<ITypeSymbol>().Where(each => WordOf(each).IsMatch(expected)).ToList();
        if (namesakes.Count == 0)
            return (Of(type), expected);

        foreach (var each in namesakes)
            expected = WordOf(each).Replace(expected, $"{each.ContainingNamespace.ToDisplayString()}.{each.Name}");

        return (type.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat), expected);
    }

    private static Regex WordOf(ITypeSymbol type) => new($@"(?<!\.)\b{type.Name}\b");

    private static IEnumerable<INamedTypeSymbol> NamedTypesIn(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => NamedTypesIn(array.ElementType),
        INamedTypeSymbol named => named.TypeArguments.SelectMany(NamedTypesIn).Prepend(named),
        _ => [],
    };
}
