using System.Collections.Generic;
using System.Linq;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Generator.CodeFixes.Returns;

/// <summary>Adapts returned values to a new return type, if the types alone decide how. A payload cannot be made from other values.</summary>
internal static class ReturnedValues
{
    /// <summary>Makes a method return nothing, but keeps the code that computes the value.</summary>
    public static void Drop(MethodDeclarationSyntax method, DocumentEdit edit)
    {
        if (method.ExpressionBody is { Expression: var value } body && !IsStatement(value))
        {
            if (HasNoEffect(value))
                edit.Replace(TextSpan.FromBounds(body.SpanStart, method.SemicolonToken.Span.End), "{ }");
            else
                edit.Insert(value.SpanStart, "_ = ");
        }

        foreach (var returning in Returns(method))
            Drop(returning, isLast: returning == method.Body?.Statements.Last(), edit);
    }

    /// <summary>Makes a method return the values that it put into completed tasks.</summary>
    public static void Unwrap(MethodDeclarationSyntax method, KnownTypes known, DocumentEdit edit)
    {
        foreach (var value in Returns(method).Select(each => each.Expression).Append(method.ExpressionBody?.Expression).OfType<InvocationExpressionSyntax>())
        {
            if (value.ArgumentList.Arguments is [var result] && edit.Place.Model.GetSymbolInfo(value).Symbol is { Name: "FromResult", ContainingType: var type }
                && (KnownTypes.AreSame(type, known.Task) || KnownTypes.AreSame(type, known.ValueTask)))
            {
                edit.Replace(value.Span, result.Expression.ToString());
            }
        }
    }

    /// <summary>Whether a method is an iterator.</summary>
    public static bool AreYielded(MethodDeclarationSyntax method) => method.DescendantNodes(IsOwn).OfType<YieldStatementSyntax>().Any();

    /// <summary>Whether a node is in the method itself, not in a function inside it.</summary>
    public static bool IsOwn(SyntaxNode node) => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax);

    private static IEnumerable<ReturnStatementSyntax> Returns(MethodDeclarationSyntax method) =>
        method.DescendantNodes(IsOwn).OfType<ReturnStatementSyntax>().Where(each => each.Expression is not null);

    private static void Drop(ReturnStatementSyntax returning, bool isLast, DocumentEdit edit)
    {
        var value = returning.Expression!;
        if (HasNoEffect(value))
        {
            if (isLast && LineOf(returning) is { } line)
                edit.Remove(line);
            else
                edit.Remove(TextSpan.FromBounds(returning.ReturnKeyword.Span.End, returning.SemicolonToken.SpanStart));

            return;
        }

        edit.Replace(TextSpan.FromBounds(returning.SpanStart, value.SpanStart), IsStatement(value) ? "" : "_ = ");
        if (isLast)
            return;

        if (returning.Parent is not (BlockSyntax or SwitchSectionSyntax))
        {
            edit.Insert(returning.SpanStart, "{ ");
            edit.Insert(returning.Span.End, " return; }");
            return;
        }

        var column = returning.GetLocation().GetLineSpan().StartLinePosition.Character;
        edit.Insert(returning.Span.End, $"{NewLine.Of(edit.Place.Root)}{new string(' ', column)}return;");
    }

    private static bool IsStatement(ExpressionSyntax value) => value
        is InvocationExpressionSyntax or AwaitExpressionSyntax or AssignmentExpressionSyntax or BaseObjectCreationExpressionSyntax
        or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression or (int)SyntaxKind.PostDecrementExpression }
        or PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression }
        or ThrowExpressionSyntax;

    private static bool HasNoEffect(ExpressionSyntax value) => value is LiteralExpressionSyntax or IdentifierNameSyntax or DefaultExpressionSyntax;

    /// <summary>The line of a statement, if there is nothing else in it.</summary>
    private static TextSpan? LineOf(ReturnStatementSyntax statement)
    {
        var line = statement.SyntaxTree.GetText().Lines.GetLineFromPosition(statement.SpanStart);
        return line.ToString().Trim() == statement.ToString() ? line.SpanIncludingLineBreak : null;
    }
}
