using System.Collections.Generic;
using System.Linq;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.Cancellation;

/// <summary>Finds the overload of an invoked method that also takes a cancellation token, as its last parameter.</summary>
internal static class TokenOverload
{
    /// <summary>Its parameter for the token, or null.</summary>
    public static IParameterSymbol? Of(IInvocationOperation invocation, KnownTypes known)
    {
        if (invocation.Arguments.Any(each => each.ArgumentKind != ArgumentKind.Explicit) || invocation.SemanticModel is not { } model)
            return null;

        var invoked = invocation.TargetMethod;
        var place = model.GetEnclosingSymbol(invocation.Syntax.SpanStart)?.ContainingType;

        return TypesOf(invoked.ContainingType)
            .SelectMany(type => type.GetMembers(invoked.Name).OfType<IMethodSymbol>())
            .Where(each => place is not null && model.Compilation.IsSymbolAccessibleWithin(each, place))
            .Select(each => Alike(each, invoked))
            .FirstOrDefault(each => each is not null && IsOverload(each, invoked, known))?
            .Parameters.Last();
    }

    private static IMethodSymbol? Alike(IMethodSymbol method, IMethodSymbol invoked)
    {
        if (method.Arity != invoked.Arity)
            return null;

        return method.Arity == 0 ? method : method.Construct([.. invoked.TypeArguments]);
    }

    private static bool IsOverload(IMethodSymbol method, IMethodSymbol invoked, KnownTypes known) =>
        method.IsStatic == invoked.IsStatic
        && method.Parameters.Length == invoked.Parameters.Length + 1
        && method.Parameters.Last() is { RefKind: RefKind.None, IsParams: false } last && KnownTypes.AreSame(last.Type, known.CancellationToken)
        && KnownTypes.AreSame(method.ReturnType, invoked.ReturnType)
        && invoked.Parameters.Zip(method.Parameters, AreAlike).All(each => each);

    private static bool AreAlike(IParameterSymbol one, IParameterSymbol other) =>
        one.Name == other.Name && one.RefKind == other.RefKind && KnownTypes.AreSame(one.Type, other.Type);

    private static IEnumerable<INamedTypeSymbol> TypesOf(INamedTypeSymbol type)
    {
        for (var each = type; each is not null; each = each.BaseType)
            yield return each;
    }
}
