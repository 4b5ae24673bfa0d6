using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Models;

/// <summary>The warnings that the compiler gives where a method is used: emitted code uses what its author tells others not to.</summary>
internal static class UseWarnings
{
    public static IEnumerable<string> Of(IMethodSymbol method) =>
        Marked(method).SelectMany(each => each.GetAttributes()).SelectMany(Of);

    private static IEnumerable<string> Of(AttributeData attribute) => attribute.AttributeClass?.ToDisplayString() switch
    {
        "System.ObsoleteAttribute" => DiagnosticId(attribute) is { } id ? [id] : ["CS0612", "CS0618"],
        "System.Diagnostics.CodeAnalysis.ExperimentalAttribute" => [.. attribute.ConstructorArguments.Select(each => each.Value).OfType<string>()],
        _ => [],
    };

    private static string? DiagnosticId(AttributeData attribute) =>
        attribute.NamedArguments.FirstOrDefault(each => each.Key == "DiagnosticId").Value.Value as string;

    /// <summary>What can be marked: the method, those that it overrides, and their types.</summary>
    private static IEnumerable<ISymbol> Marked(IMethodSymbol method)
    {
        for (var each = method; each is not null; each = each.OverriddenMethod)
        {
            yield return each;
            yield return each.ContainingType;
        }
    }
}
