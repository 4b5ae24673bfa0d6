using System.Collections.Generic;
using System.Linq;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Containerd.Snapshots.Generator.Models;

/// <summary>Finds what the compiler warns about where a method is used: emitted code uses methods that others should not.</summary>
internal static class Warned
{
    /// <summary>Whether a symbol, or a type in its use, is obsolete.</summary>
    public static bool IsObsolete(ISymbol symbol) => Attributes(symbol, "System.ObsoleteAttribute").Any();

    /// <summary>The names of the experiments that a symbol, and the types in its use, belong to.</summary>
    public static IEnumerable<string> Experiments(ISymbol symbol) =>
        Attributes(symbol, "System.Diagnostics.CodeAnalysis.ExperimentalAttribute")
            .SelectMany(each => each.ConstructorArguments.Select(argument => argument.Value).OfType<string>())
            .Where(SyntaxFacts.IsValidIdentifier); // The compiler reports other names itself.

    private static IEnumerable<AttributeData> Attributes(ISymbol symbol, string name) =>
        Named(symbol).SelectMany(each => each.GetAttributes()).Where(each => each.AttributeClass?.ToDisplayString() == name);

    /// <summary>The symbols that code may name to use a symbol, and their containers.</summary>
    private static IEnumerable<ISymbol> Named(ISymbol symbol) => symbol switch
    {
        IMethodSymbol method => Named(method),
        ITypeSymbol type => Named(type),
        _ => Named(symbol.ContainingType).Append(symbol),
    };

    private static IEnumerable<ISymbol> Named(IMethodSymbol method)
    {
        for (var each = method; each is not null; each = each.OverriddenMethod)
        {
            foreach (var symbol in Named(each.ContainingType).Append(each))
                yield return symbol;
        }
    }

    private static IEnumerable<ISymbol> Named(ITypeSymbol type) => type is INamedTypeSymbol named
        ? named.Containers().Prepend(named).SelectMany(each => each.TypeArguments.SelectMany(Named).Append(each)).Append(type.ContainingAssembly)
        : [];
}
