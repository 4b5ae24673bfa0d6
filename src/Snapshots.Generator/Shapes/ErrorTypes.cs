using System.Linq;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>Types that do not exist; the compiler reports them itself.</summary>
internal static class ErrorTypes
{
    public static bool AreIn(ITypeSymbol type) => type switch
    {
        IErrorTypeSymbol => true,
        IArrayTypeSymbol array => AreIn(array.ElementType),
        IPointerTypeSymbol pointer => AreIn(pointer.PointedAtType),
        INamedTypeSymbol named => named.TypeArguments.Any(AreIn) || (named.ContainingType is { } container && AreIn(container)),
        _ => false,
    };
}
