using System;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Generator.CodeFixes.Editing;

/// <summary>The place for the first <c>using</c> directives of a file.</summary>
internal static class FileStart
{
    /// <summary>Inserts lines below the licence and settings for the whole file, with an empty line around them.</summary>
    public static TextChange Insert(SyntaxNode root, string lines, string newLine)
    {
        var text = root.GetText();
        var line = LineFor(text);
        var isAfterText = line > 0 && text.Lines[line - 1].ToString().Trim().Length > 0;
        var isBeforeText = text.Lines[line].ToString().Trim().Length > 0;
        return new(new(text.Lines[line].Start, 0), $"{(isAfterText ? newLine : "")}{lines}{(isBeforeText ? newLine : "")}");
    }

    private static int LineFor(SourceText text)
    {
        var found = 0;
        var isInComment = false;
        for (var line = 0; line < text.Lines.Count; line++)
        {
            var content = text.Lines[line].ToString().Trim();
            var wasInComment = isInComment;
            isInComment = wasInComment ? !content.Contains("*/") : content.StartsWith("/*", StringComparison.Ordinal) && !content.Contains("*/");

            if (wasInComment || isInComment || IsComment(content))
                continue; // Its end decides whether it is about the file.

            if (content.Length > 0 && !IsSetting(content))
                return IsOfFile(content) ? line : found;

            found = line + 1 < text.Lines.Count ? line + 1 : line;
        }

        return found;
    }

    private static bool IsComment(string line) =>
        (line.StartsWith("//", StringComparison.Ordinal) && !line.StartsWith("///", StringComparison.Ordinal)) || line.StartsWith("/*", StringComparison.Ordinal);

    private static bool IsSetting(string line) =>
        line.StartsWith("#define", StringComparison.Ordinal) || line.StartsWith("#undef", StringComparison.Ordinal)
        || line.StartsWith("#nullable", StringComparison.Ordinal) || line.StartsWith("#pragma", StringComparison.Ordinal);

    /// <summary>Whether a comment above a line is about the file.</summary>
    private static bool IsOfFile(string line) =>
        line.StartsWith("using", StringComparison.Ordinal) || line.StartsWith("namespace", StringComparison.Ordinal) || line.StartsWith("#if", StringComparison.Ordinal);
}
