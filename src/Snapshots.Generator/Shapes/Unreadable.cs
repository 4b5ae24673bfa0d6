using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>
/// Parts of a class that the compiler cannot read, such as half-typed code: the compiler reports them, and they must cause
/// no other message.
/// </summary>
internal static class Unreadable
{
    /// <summary>Whether the name of the class or of something around it is missing, or a constraint is unknown: no code can name it.</summary>
    public static bool IsNameOf(INamedTypeSymbol type) =>
        type.NamespaceNames().Contains("") || IsUnreadable(type) || type.Containers().Any(IsUnreadable);

    /// <summary>Whether it has an invalid base type.</summary>
    public static bool IsBaseOf(INamedTypeSymbol type) => type.BaseTypes().Any(each => ErrorTypes.AreIn(each) || IsFileLocal(each));

    /// <summary>Whether it contains a syntax error.</summary>
    public static bool IsPartOf(INamedTypeSymbol type, CancellationToken cancellationToken) => type.DeclaringSyntaxReferences
        .Select(each => each.GetSyntax(cancellationToken))
        .Any(each => each.ContainsDiagnostics && each.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));

    private static bool IsUnreadable(INamedTypeSymbol type) => type.Name.Length == 0 || type.TypeParameters.Any(IsUnreadable);

    private static bool IsUnreadable(ITypeParameterSymbol parameter) => parameter.Name.Length == 0 || parameter.ConstraintTypes.Any(ErrorTypes.AreIn);

    private static bool IsFileLocal(ITypeSymbol type) => type is INamedTypeSymbol named && (named.IsFileLocal || named.TypeArguments.Any(IsFileLocal));
}
