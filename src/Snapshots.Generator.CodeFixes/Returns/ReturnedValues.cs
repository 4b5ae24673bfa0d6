using System.Collections.Generic;
using System.Linq;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Generator.CodeFixes.Returns;

/// <summary>Adapts returned values to a new return type, if the types alone decide how. A payload cannot be made from other values.</summary>
internal static class ReturnedValues
{
    /// <summary>The values that a method returns.</summary>
    public static IEnumerable<ExpressionSyntax> In(MethodDeclarationSyntax method) => Returns(method)
        .Select(each => each.Expression)
        .Append(method.ExpressionBody?.Expression)
        .OfType<ExpressionSyntax>()
        .Where(each => each is not ThrowExpressionSyntax);

    /// <summary>Makes a method return a completed task without a value.</summary>
    public static void Complete(MethodDeclarationSyntax method, DocumentEdit edit)
    {
        foreach (var value in In(method))
        {
            if (TaskValue.In(value, edit.Place) is not null)
                edit.Replace(value.Span, "default");
        }
    }

    /// <summary>Makes a method return nothing in place of values that compute nothing.</summary>
    public static void Drop(MethodDeclarationSyntax method, DocumentEdit edit)
    {
        if (method.ExpressionBody is { Expression: not ThrowExpressionSyntax } body)
            edit.Replace(TextSpan.FromBounds(body.SpanStart, method.SemicolonToken.Span.End), "{ }");

        foreach (var returning in Returns(method))
            Drop(returning, isLast: returning == method.Body?.Statements.Last(), edit);
    }

    /// <summary>Makes a method return the values that it put into completed tasks.</summary>
    public static void Unwrap(MethodDeclarationSyntax method, DocumentEdit edit)
    {
        foreach (var value in In(method))
            TaskValue.In(value, edit.Place)?.Unwrap(edit);
    }

    /// <summary>Whether a method is an iterator.</summary>
    public static bool AreYielded(MethodDeclarationSyntax method) => method.DescendantNodes(IsOwn).OfType<YieldStatementSyntax>().Any();

    /// <summary>Whether a node is in the method itself, not in a function inside it.</summary>
    public static bool IsOwn(SyntaxNode node) => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax);

    private static IEnumerable<ReturnStatementSyntax> Returns(MethodDeclarationSyntax method) =>
        method.DescendantNodes(IsOwn).OfType<ReturnStatementSyntax>().Where(each => each.Expression is not null);

    private static void Drop(ReturnStatementSyntax returning, bool isLast, DocumentEdit edit)
    {
        if (isLast && LineOf(returning) is { } line)
            edit.Remove(line);
        else
            edit.Remove(TextSpan.FromBounds(returning.ReturnKeyword.Span.End, returning.SemicolonToken.SpanStart));
    }

    /// <summary>The line of a statement, if there is nothing else in it.</summary>
    private static TextSpan? LineOf(ReturnStatementSyntax statement)
    {
        var line = statement.SyntaxTree.GetText().Lines.GetLineFromPosition(statement.SpanStart);
        return line.ToString().Trim() == statement.ToString() ? line.SpanIncludingLineBreak : null;
    }
}
