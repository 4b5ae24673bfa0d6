using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.CodeFixes.Returns;

/// <summary>The method that does the same as one that blocks, and returns a task: <c>WaitAsync</c> for <c>Wait</c>.</summary>
internal static class AsyncTwin
{
    /// <summary>The invocation of the method of another name, with the token if it takes one; null if there is none with these arguments.</summary>
    public static string? Of(InvocationExpressionSyntax blocking, SimpleNameSyntax name, string better, string? token, SemanticModel model)
    {
        var twin = blocking.ReplaceNode(name, SyntaxFactory.IdentifierName(better));
        var withToken = token is null ? twin : twin.AddArgumentListArguments(SyntaxFactory.Argument(SyntaxFactory.IdentifierName(token)));

        return new[] { withToken, twin }.FirstOrDefault(each => Exists(each, blocking, model)) is { } found ? TextOf(found) : null;
    }

    private static bool Exists(InvocationExpressionSyntax twin, InvocationExpressionSyntax blocking, SemanticModel model) =>
        model.GetSpeculativeSymbolInfo(blocking.SpanStart, twin, SpeculativeBindingOption.BindAsExpression).Symbol is not null;

    private static string TextOf(InvocationExpressionSyntax twin) =>
        $"{twin.Expression.WithoutTrivia()}({string.Join(", ", twin.ArgumentList.Arguments.Select(each => each.WithoutTrivia().ToString()))})";
}
