using System.Linq;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>Whether other code fixes a method's signature.</summary>
internal static class Signature
{
    /// <summary>Whether a signature can change alone: the method overrides nothing, cannot be overridden, and implements nothing.</summary>
    public static bool IsOwn(IMethodSymbol method) =>
        !method.IsOverride && !method.IsVirtual && !method.IsAbstract && !IsOfInterface(method);

    /// <summary>Whether a method implements a member of an interface.</summary>
    public static bool IsOfInterface(IMethodSymbol method) => method.ContainingType.AllInterfaces
        .SelectMany(each => each.GetMembers())
        .Any(each => SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(each), method));
}
