using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.CodeFixes.Editing;

/// <summary>How a file is indented: with spaces or tabs.</summary>
internal static class Indentation
{
    private const string Usual = "    ";

    /// <summary>The whitespace at the start of the line where a node starts.</summary>
    public static string Of(SyntaxNode node)
    {
        var line = node.SyntaxTree.GetText().Lines.GetLineFromPosition(node.SpanStart).ToString();
        return line.Substring(0, line.Length - line.TrimStart().Length);
    }

    /// <summary>Whether a node is the first one in its line.</summary>
    public static bool IsBefore(SyntaxNode node)
    {
        var line = node.SyntaxTree.GetText().Lines.GetLineFromPosition(node.SpanStart);
        return string.IsNullOrWhiteSpace(line.ToString().Substring(0, node.SpanStart - line.Start));
    }

    /// <summary>What the members of a type are indented by, as far as the file shows it.</summary>
    public static string UnitOf(TypeDeclarationSyntax type)
    {
        var own = Of(type);
        var ofMembers = type.Members.Where(IsBefore).Select(Of).FirstOrDefault(each => each.Length > own.Length && each.StartsWith(own, StringComparison.Ordinal));
        if (ofMembers is not null)
            return ofMembers.Substring(own.Length);

        var lines = type.SyntaxTree.GetText().Lines.Select(each => each.ToString());
        return lines.Any(each => each.StartsWith("\t", StringComparison.Ordinal)) ? "\t" : Usual;
    }
}
