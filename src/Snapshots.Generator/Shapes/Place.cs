using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>The narrowest location for a flaw.</summary>
internal static class Place
{
    /// <summary>A type's name.</summary>
    public static Location Of(INamedTypeSymbol type) => type.Locations[0];

    /// <summary>A method's name.</summary>
    public static Location Of(IMethodSymbol method, INamedTypeSymbol type) => Own(method, type)?.Identifier.GetLocation() ?? Of(type);

    /// <summary>A method's type parameters.</summary>
    public static Location OfTypeParameters(IMethodSymbol method, INamedTypeSymbol type) =>
        Own(method, type)?.TypeParameterList?.GetLocation() ?? Of(type);

    /// <summary>A method's return type.</summary>
    public static Location OfReturnType(IMethodSymbol method, INamedTypeSymbol type) =>
        Own(method, type)?.ReturnType.GetLocation() ?? Of(type);

    /// <summary>The keyword <c>ref</c> before a method's return type.</summary>
    public static Location OfReturnModifier(IMethodSymbol method, INamedTypeSymbol type) =>
        Own(method, type)?.ReturnType is RefTypeSyntax { RefKeyword: var modifier } ? modifier.GetLocation() : OfReturnType(method, type);

    /// <summary>A parameter's name.</summary>
    public static Location Of(IParameterSymbol parameter, IMethodSymbol method, INamedTypeSymbol type) =>
        Own(parameter, method, type)?.Identifier.GetLocation() ?? Of(type);

    /// <summary>A parameter's type.</summary>
    public static Location OfType(IParameterSymbol parameter, IMethodSymbol method, INamedTypeSymbol type) =>
        Own(parameter, method, type)?.Type?.GetLocation() ?? Of(type);

    /// <summary>A parameter's modifier: <c>ref</c>, <c>params</c> or the like.</summary>
    public static Location OfModifier(IParameterSymbol parameter, IMethodSymbol method, INamedTypeSymbol type) =>
        Own(parameter, method, type) is { Modifiers: { Count: > 0 } modifiers } ? modifiers[0].GetLocation() : Of(parameter, method, type);

    // A flaw of an inherited method is reported at the class.
    private static MethodDeclarationSyntax? Own(IMethodSymbol method, INamedTypeSymbol type) =>
        SymbolEqualityComparer.Default.Equals(method.ContainingType, type)
            ? method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() as MethodDeclarationSyntax
            : null;

    private static ParameterSyntax? Own(IParameterSymbol parameter, IMethodSymbol method, INamedTypeSymbol type) =>
        Own(method, type)?.ParameterList.Parameters.ElementAtOrDefault(parameter.Ordinal);
}
