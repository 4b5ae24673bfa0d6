using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Generator.CodeFixes.Editing;

/// <summary>The <c>using</c> directives at the top of a file.</summary>
internal static class UsingDirectives
{
    /// <summary>Adds namespaces after the existing ones.</summary>
    public static TextChange Adding(SyntaxNode root, IEnumerable<string> namespaces)
    {
        var file = (CompilationUnitSyntax)root;
        var newLine = NewLine.Of(root);
        var lines = string.Concat(namespaces.OrderBy(each => each, StringComparer.Ordinal).Select(each => $"using {each};{newLine}"));

        return file.Usings.LastOrDefault() is { } last
            ? new(new(last.FullSpan.End, 0), lines)
            : new(new(file.Externs.LastOrDefault()?.FullSpan.End ?? StartOf(file), 0), lines + newLine);
    }

    /// <summary>After the comment at the start of a file, if an empty line follows it.</summary>
    private static int StartOf(CompilationUnitSyntax file)
    {
        var text = file.GetLeadingTrivia().ToFullString();
        var header = text.StartsWith("//", StringComparison.Ordinal) ? text.IndexOf("\n\n", StringComparison.Ordinal) : -1;
        return header < 0 ? 0 : header + 2;
    }
}
