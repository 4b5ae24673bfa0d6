using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>
/// What the compiler cannot read of a class, as while it is being typed: it says so itself, and nothing is to follow
/// from it.
/// </summary>
internal static class Unreadable
{
    /// <summary>Whether a name is missing, of the class or of what is around it, or a constraint unknown: no code can name it.</summary>
    public static bool IsNameOf(INamedTypeSymbol type) =>
        type.NamespaceNames().Contains("") || type.Containers().Prepend(type).Any(each => each.Name.Length == 0 || each.TypeParameters.Any(IsUnreadable));

    /// <summary>Whether it derives from something that it cannot derive from.</summary>
    public static bool IsBaseOf(INamedTypeSymbol type) => type.BaseTypes().Any(each => ErrorTypes.AreIn(each) || IsFileLocal(each));

    /// <summary>Whether there is a syntax error inside.</summary>
    public static bool IsPartOf(INamedTypeSymbol type, CancellationToken cancellationToken) => type.DeclaringSyntaxReferences
        .Select(each => each.GetSyntax(cancellationToken))
        .Any(each => each.ContainsDiagnostics && each.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));

    private static bool IsUnreadable(ITypeParameterSymbol parameter) => parameter.Name.Length == 0 || parameter.ConstraintTypes.Any(ErrorTypes.AreIn);

    private static bool IsFileLocal(ITypeSymbol type) => type is INamedTypeSymbol named && (named.IsFileLocal || named.TypeArguments.Any(IsFileLocal));
}
