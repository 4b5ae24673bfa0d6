using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Containerd.Snapshots.Generator.Operations;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.Cancellation;

/// <summary>A helper of the class that a method waits for, although no token can reach it.</summary>
/// <param name="Helper">The helper.</param>
/// <param name="Place">The name of the helper where it is called.</param>
internal sealed record HelperGap(IMethodSymbol Helper, Location Place)
{
    /// <summary>The calls of helpers that take no token, in a method that has one.</summary>
    public static IEnumerable<HelperGap> In(ImmutableArray<IOperation> blocks, IMethodSymbol method, KnownTypes known) => blocks
        .SelectMany(block => block.Descendants())
        .OfType<IInvocationOperation>()
        .Where(each => IsHelper(each.TargetMethod, method) && !TakesToken(each.TargetMethod, known) && each.IsWaitedFor() && TokenGap.IsInReach(each, known))
        .Select(each => new HelperGap(each.TargetMethod.OriginalDefinition, (each.Syntax as InvocationExpressionSyntax)?.Expression.GetLocation() ?? each.Syntax.GetLocation()));

    /// <summary>Whether a method takes no token, could take one, and waits for work that could take it, too.</summary>
    public static bool LacksToken(IMethodSymbol method, ImmutableArray<IOperation> blocks, KnownTypes known) =>
        !TakesToken(method, known)
        && Signature.IsOwn(method)
        && blocks.SelectMany(block => TokenGap.In(block, known)).Any(gap => gap.Operation.IsWaitedFor());

    private static bool IsHelper(IMethodSymbol called, IMethodSymbol method) => called.MethodKind == MethodKind.Ordinary
        && SymbolEqualityComparer.Default.Equals(called.ContainingType, method.ContainingType)
        && !SymbolEqualityComparer.Default.Equals(called, method);

    /// <summary>Whether a method takes a token, or a context, which may hold one.</summary>
    private static bool TakesToken(IMethodSymbol method, KnownTypes known) => method.Parameters
        .Any(each => KnownTypes.AreSame(each.Type, known.CancellationToken) || KnownTypes.AreSame(each.Type, known.Context));
}
