using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.Analyzers;

/// <summary>Places where an async method can await.</summary>
internal static class AwaitPlace
{
    public static bool Is(SyntaxNode node) =>
        !node.Ancestors().Any(each => each is LockStatementSyntax or UnsafeStatementSyntax or CatchFilterClauseSyntax or QueryExpressionSyntax);
}
