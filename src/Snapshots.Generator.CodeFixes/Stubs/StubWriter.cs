using System.Collections.Generic;
using System.Linq;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Generator.CodeFixes.Stubs;

/// <summary>Writes methods at the end of a class.</summary>
internal static class StubWriter
{
    public static void Write(TypeDeclarationSyntax type, IEnumerable<Stub> stubs, DocumentEdit edit, KnownTypes known) =>
        Write(type, stubs.Select(stub => StubText.Of(stub, edit, known, type.Identifier.SpanStart)), edit);

    /// <summary>Writes methods, each given as its lines.</summary>
    public static void Write(TypeDeclarationSyntax type, IEnumerable<string[]> methods, DocumentEdit edit)
    {
        var newLine = NewLine.Of(edit.Place.Root);
        var indentation = Indentation.Of(type);
        var unit = Indentation.UnitOf(type);
        var text = string.Join(newLine, methods.Select(lines => string.Concat(lines.Select(line => $"{indentation}{unit}{line.Replace("\t", unit)}{newLine}"))));

        if (type.OpenBraceToken.IsKind(SyntaxKind.None))
        {
            edit.Replace(type.SemicolonToken.Span, $"{newLine}{indentation}{{{newLine}{text}{indentation}}}");
            return;
        }

        var line = edit.Place.Root.GetText().Lines.GetLineFromPosition(type.CloseBraceToken.SpanStart);
        var isAlone = string.IsNullOrWhiteSpace(line.ToString().Substring(0, type.CloseBraceToken.SpanStart - line.Start));
        var before = type.Members.Count > 0 ? newLine : "";
        if (isAlone)
            edit.Insert(line.Start, before + text);
        else
            edit.Replace(TextSpan.FromBounds(EndOf(type.CloseBraceToken.GetPreviousToken()), type.CloseBraceToken.SpanStart), newLine + before + text + indentation);
    }

    /// <summary>The end of a token, with the comments after it.</summary>
    private static int EndOf(SyntaxToken token) => token.TrailingTrivia
        .Where(each => !each.IsKind(SyntaxKind.WhitespaceTrivia))
        .Select(each => each.Span.End)
        .DefaultIfEmpty(token.Span.End)
        .Last();
}
