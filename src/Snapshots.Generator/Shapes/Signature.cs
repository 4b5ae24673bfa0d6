using System.Linq;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>What holds a method to its signature.</summary>
internal static class Signature
{
    /// <summary>Whether a method can change without others: it overrides none, is overridden by none, and implements none.</summary>
    public static bool IsOwn(IMethodSymbol method) =>
        !method.IsOverride && !method.IsVirtual && !method.IsAbstract
        && !method.ContainingType.AllInterfaces
            .SelectMany(each => each.GetMembers())
            .Any(each => SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(each), method));
}
