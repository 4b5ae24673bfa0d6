using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Generator.CodeFixes.Safety;

/// <summary>
/// The preprocessor directives of a document. The compiler sees only one branch of <c>#if</c>, so a fix that changes part of
/// a declaration which has several branches leaves the others as they are.
/// </summary>
internal static class Directives
{
    /// <summary>Whether a fix adds, removes or changes a directive, or changes a declaration or a statement around one.</summary>
    public static bool AreTouched(DocumentChange change)
    {
        var before = change.Before.Root;
        if (!before.ContainsDirectives)
            return false;

        return !In(before).SequenceEqual(In(change.After.Root))
            || change.Spans.Any(span => IsInInactive(before, span) || Around(before, span).Any(part => HasBranches(before, part)));
    }

    /// <summary>Whether a branch that the compiler does not see mentions one of the names.</summary>
    public static bool Hide(SyntaxNode root, ICollection<string> names) => root.ContainsDirectives && names.Count > 0
        && root.DescendantTrivia().Where(each => each.IsKind(SyntaxKind.DisabledTextTrivia)).Any(each => Words.Contain(each.ToString(), names));

    /// <summary>Whether a position is in a branch of <c>#if</c>.</summary>
    public static bool AreOpenAt(int position, SyntaxNode root) => root.ContainsDirectives && root.DescendantTrivia()
        .TakeWhile(each => each.SpanStart < position)
        .Sum(each => each.Kind() switch { SyntaxKind.IfDirectiveTrivia => 1, SyntaxKind.EndIfDirectiveTrivia => -1, _ => 0 }) > 0;

    private static IEnumerable<string> In(SyntaxNode root) => root.DescendantTrivia()
        .Where(each => each.IsDirective)
        .Select(each => each.ToString().Trim());

    private static bool IsInInactive(SyntaxNode root, TextSpan span) => root.FindTrivia(span.Start).IsKind(SyntaxKind.DisabledTextTrivia);

    /// <summary>The parts of the document that a change at a place belongs to.</summary>
    private static IEnumerable<TextSpan> Around(SyntaxNode root, TextSpan span)
    {
        foreach (var node in root.FindToken(span.Start).Parent?.AncestorsAndSelf() ?? [])
        {
            if (!node.Span.IntersectsWith(span))
                continue;

            if (node is StatementSyntax and not BlockSyntax)
            {
                yield return node.Span;
                yield break;
            }

            if (node is BaseTypeDeclarationSyntax type)
            {
                // The members are parts of their own.
                if (span.Start <= type.Identifier.Span.End || type.OpenBraceToken.IsKind(SyntaxKind.None) || span.Start < type.OpenBraceToken.Span.End)
                    yield return TextSpan.FromBounds(type.SpanStart, type.OpenBraceToken.IsKind(SyntaxKind.None) ? type.Span.End : type.OpenBraceToken.Span.End);
                yield break;
            }

            if (node is MemberDeclarationSyntax)
            {
                yield return node.Span;
                yield break;
            }
        }
    }

    private static bool HasBranches(SyntaxNode root, TextSpan span) => root.DescendantTrivia(span)
        .Any(each => span.Contains(each.SpanStart) && IsBranch(each.Kind()));

    private static bool IsBranch(SyntaxKind kind) => kind
        is SyntaxKind.IfDirectiveTrivia or SyntaxKind.ElifDirectiveTrivia or SyntaxKind.ElseDirectiveTrivia or SyntaxKind.EndIfDirectiveTrivia;
}
