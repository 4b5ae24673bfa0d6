using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.CodeFixes.Safety;

/// <summary>
/// References and values of ref structs, such as spans, that an async method keeps while it awaits. The compiler finds them only
/// when it emits code.
/// </summary>
internal static class AwaitedReferences
{
    /// <summary>Whether one is kept across an await in a method that a fix changes.</summary>
    public static bool AreIn(DocumentChange change, CancellationToken cancellationToken)
    {
        var (root, model) = change.After;
        var awaits = change.NewSpans
            .SelectMany(span => root.DescendantNodes(span).OfType<AwaitExpressionSyntax>())
            .Concat(root.DescendantNodes().OfType<MethodDeclarationSyntax>()
                .Where(method => method.Modifiers.Any(SyntaxKind.AsyncKeyword) && change.NewSpans.Any(method.Span.IntersectsWith))
                .SelectMany(method => method.DescendantNodes().OfType<AwaitExpressionSyntax>()))
            .Distinct();

        return awaits.Any(each => IsBelowReference(each, model, cancellationToken) || IsBesideReference(each, model, cancellationToken));
    }

    private static bool IsBelowReference(AwaitExpressionSyntax awaiting, SemanticModel model, CancellationToken cancellationToken)
    {
        foreach (var around in awaiting.Ancestors().TakeWhile(each => each is not (MemberDeclarationSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)))
        {
            if (around is ForEachStatementSyntax loop && loop.Statement.Span.Contains(awaiting.Span)
                && (model.GetTypeInfo(loop.Expression, cancellationToken).Type is { IsRefLikeType: true } || loop.Type is RefTypeSyntax))
            {
                return true;
            }

            var declared = around.ChildNodes()
                .Where(each => each.Span.End <= awaiting.SpanStart)
                .SelectMany(each => each.DescendantNodesAndSelf(node => node is not (BlockSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)))
                .Where(each => each is VariableDeclaratorSyntax or SingleVariableDesignationSyntax);

            if (declared.Any(each => model.GetDeclaredSymbol(each, cancellationToken) is ILocalSymbol local && (local.IsRef || local.Type.IsRefLikeType)))
                return true;
        }

        return false;
    }

    /// <summary>Whether an operand beside the awaited one is a reference.</summary>
    private static bool IsBesideReference(AwaitExpressionSyntax awaiting, SemanticModel model, CancellationToken cancellationToken) => awaiting.Ancestors()
        .TakeWhile(each => each is not StatementSyntax and not MemberDeclarationSyntax)
        .SelectMany(each => each.ChildNodes().Where(child => !child.Span.Contains(awaiting.Span)).SelectMany(child => child.DescendantNodesAndSelf()))
        .Any(each => each is ArgumentSyntax { RefKindKeyword.RawKind: not (int)SyntaxKind.None and not (int)SyntaxKind.OutKeyword }
            || (each is ExpressionSyntax expression && model.GetTypeInfo(expression, cancellationToken).Type is { IsRefLikeType: true }));
}
