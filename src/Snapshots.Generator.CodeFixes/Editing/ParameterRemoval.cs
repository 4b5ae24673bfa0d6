using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Generator.CodeFixes.Editing;

/// <summary>The text to delete from a parameter list: parameters, their comments and commas. Comments of others stay.</summary>
internal static class ParameterRemoval
{
    public static IEnumerable<TextSpan> Of(ParameterListSyntax list, ICollection<ParameterSyntax> removed)
    {
        var parameters = list.Parameters;
        var last = parameters.LastOrDefault(each => !removed.Contains(each));
        if (last is null)
            return [TextSpan.FromBounds(list.OpenParenToken.Span.End, list.CloseParenToken.SpanStart)];

        var lastKept = parameters.IndexOf(last);
        var commas = parameters.GetSeparators().ToList();
        var spans = Enumerable.Range(0, lastKept)
            .Where(index => removed.Contains(parameters[index]))
            .Select(index => WithComma(parameters[index], parameters[index + 1]));

        return lastKept == parameters.Count - 1
            ? spans
            : spans.Concat(AtEnd(commas[lastKept], parameters[lastKept + 1], list));
    }

    private static TextSpan WithComma(ParameterSyntax parameter, ParameterSyntax next) =>
        TextSpan.FromBounds(StartOf(parameter), StartOf(next));

    /// <summary>The parameters after the last kept one, with the comma before them but not the comment after it.</summary>
    private static IEnumerable<TextSpan> AtEnd(SyntaxToken comma, ParameterSyntax first, ParameterListSyntax list)
    {
        var end = list.CloseParenToken.GetPreviousToken();
        if (!IsAboutPrevious(comma.TrailingTrivia))
            return [TextSpan.FromBounds(comma.SpanStart, EndOf(end))];

        var isParenthesisBelow = end.TrailingTrivia.Any(SyntaxKind.EndOfLineTrivia);
        var start = isParenthesisBelow ? comma.TrailingTrivia.Last().SpanStart : StartOf(first);
        return [comma.Span, TextSpan.FromBounds(start, EndOf(end))];
    }

    /// <summary>A comment between a comma and the end of its line is about the parameter before it.</summary>
    private static bool IsAboutPrevious(SyntaxTriviaList trivia) => trivia.Any(IsComment) && trivia.Any(SyntaxKind.EndOfLineTrivia);

    /// <summary>The start of a parameter, with its comments.</summary>
    private static int StartOf(ParameterSyntax parameter)
    {
        var before = parameter.GetFirstToken().GetPreviousToken();
        var trivia = before.TrailingTrivia.Concat(parameter.GetLeadingTrivia());
        if (before.TrailingTrivia.Any(SyntaxKind.EndOfLineTrivia))
            trivia = parameter.GetLeadingTrivia();

        return trivia.Where(IsComment).Select(each => (int?)each.SpanStart).FirstOrDefault() ?? parameter.SpanStart;
    }

    /// <summary>The end of the last parameter, with its comments.</summary>
    private static int EndOf(SyntaxToken last) =>
        last.TrailingTrivia.Where(IsComment).Select(each => (int?)each.Span.End).LastOrDefault() ?? last.Span.End;

    private static bool IsComment(SyntaxTrivia trivia) => trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia;
}
