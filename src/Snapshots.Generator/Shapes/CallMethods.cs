using System.Collections.Generic;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>The calls of a marked class, by the methods that answer them. The shape decides which methods are calls.</summary>
internal sealed class CallMethods
{
    private readonly Dictionary<ISymbol, CallShape> _calls = new(SymbolEqualityComparer.Default);

    public static CallMethods Of(INamedTypeSymbol type, KnownTypes known, CancellationToken cancellationToken)
    {
        var methods = new CallMethods();
        foreach (var call in SnapshotterShape.Of(type, known, cancellationToken).Calls)
            methods._calls[Definition(call.Method)] = call;

        return methods;
    }

    /// <summary>The call that a method answers, or null.</summary>
    public CallShape? Find(ISymbol method) => _calls.TryGetValue(Definition(method), out var call) ? call : null;

    /// <summary>The definition of a partial method for its implementation: the shape holds definitions.</summary>
    private static ISymbol Definition(ISymbol symbol) => (symbol as IMethodSymbol)?.PartialDefinitionPart ?? symbol;
}
