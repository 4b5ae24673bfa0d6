using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>
/// The method of another type that answers a call: of several that fit, the asynchronous one, then the one with most
/// arguments.
/// </summary>
/// <param name="Shape">How it is answered, or null.</param>
/// <param name="IsAmbiguous">Whether several methods fit equally well.</param>
/// <param name="Methods">The methods of the call's name; of several that fit equally well, only those.</param>
internal sealed record FallbackChoice(CallShape? Shape, bool IsAmbiguous, IReadOnlyList<IMethodSymbol> Methods)
{
    public static FallbackChoice Of(INamedTypeSymbol type, SnapshotterCall call, KnownTypes known)
    {
        var methods = CallFinder.PublicMethods(type, call);
        var best = methods
            .Select(method => MethodForm.Of(method, call, type, known).Shape)
            .OfType<CallShape>()
            .GroupBy(shape => (IsAsynchronous(shape.Method, known), shape.Arguments.Length))
            .OrderByDescending(same => same.Key)
            .FirstOrDefault()?.ToList();

        return best switch
        {
            null => new(null, IsAmbiguous: false, methods),
            [var only] => new(only, IsAmbiguous: false, methods),
            _ => new(null, IsAmbiguous: true, [.. best.Select(shape => shape.Method)]),
        };
    }

    private static bool IsAsynchronous(IMethodSymbol method, KnownTypes known) =>
        known.IsTask(method.ReturnType) || KnownTypes.IsOrImplements(method.ReturnType, known.AsyncInfos);
}
