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
    /// <summary>Writes stubs of calls.</summary>
    public static void Write(TypeDeclarationSyntax type, IEnumerable<SnapshotterCall> calls, DocumentEdit edit, KnownTypes known) =>
        Write(type, calls.Select(call => StubText.Of(call, edit, known, type.Identifier.SpanStart)), edit);

    /// <summary>Writes methods, each given as its lines.</summary>
    public static void Write(TypeDeclarationSyntax type, IEnumerable<string[]> methods, DocumentEdit edit)
    {
        var newLine = NewLine.Of(edit.Place.Root);
        var indentation = IndentationOf(type);
        var text = string.Join(newLine, methods.Select(lines => string.Concat(lines.Select(line => $"{indentation}    {line}{newLine}"))));

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
            edit.Replace(TextSpan.FromBounds(type.CloseBraceToken.GetPreviousToken().Span.End, type.CloseBraceToken.SpanStart), newLine + before + text + indentation);
    }

    private static string IndentationOf(TypeDeclarationSyntax type)
    {
        var line = type.SyntaxTree.GetText().Lines.GetLineFromPosition(type.SpanStart).ToString();
        return line.Substring(0, line.Length - line.TrimStart().Length);
    }
}
