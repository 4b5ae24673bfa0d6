using System.Linq;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>What to write instead of a generic method.</summary>
internal static class TypeParameterAdvice
{
    /// <summary>What to write so that the method needs no type parameters.</summary>
    public static string Of(IMethodSymbol method, SnapshotterCall call)
    {
        var parameters = method.Parameters.Where(each => IsMadeOf(each.Type, method)).Select(each =>
            call.FindParameter(each.Name) is { } expected ? $"write '{expected.Type.Text} {each.Name}'" : $"remove '{each.Name}'");
        var answer = IsMadeOf(method.ReturnType, method) ? $", and return {call.Payload.Text}" : "";

        var list = string.Join(", ", method.TypeParameters.Select(each => each.Name));
        return string.Join(", ", parameters.Prepend($"remove '<{list}>'")) + answer;
    }

    private static bool IsMadeOf(ITypeSymbol type, IMethodSymbol method) => type switch
    {
        ITypeParameterSymbol parameter => SymbolEqualityComparer.Default.Equals(parameter.DeclaringMethod, method),
        IArrayTypeSymbol array => IsMadeOf(array.ElementType, method),
        INamedTypeSymbol named => named.TypeArguments.Any(each => IsMadeOf(each, method)),
        _ => false,
    };
}
