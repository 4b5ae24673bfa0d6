using System;
using System.Collections.Generic;
using System.Linq;
using Containerd.Snapshots.Generator.CodeFixes.Safety;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Generator.CodeFixes.Editing;

/// <summary>The <c>using</c> directives of a file.</summary>
internal static class UsingDirectives
{
    /// <summary>Adds namespaces among the existing ones, those of System first.</summary>
    public static IEnumerable<TextChange> Adding(SyntaxNode root, IEnumerable<string> namespaces)
    {
        var names = namespaces.OrderBy(each => each, NamespaceOrder.Instance).ToList();
        if (names.Count == 0)
            return [];

        var newLine = NewLine.Of(root);
        var existing = Existing((CompilationUnitSyntax)root);
        return existing.Count > 0
            ? names.Select(each => Among(existing, each, newLine))
            : [FileStart.Insert(root, string.Concat(names.Select(each => $"using {each};{newLine}")), newLine)];
    }

    private static TextChange Among(List<UsingDirectiveSyntax> existing, string name, string newLine)
    {
        var before = existing.FindLast(each => NamespaceOrder.Instance.Compare(each.Name!.ToString(), name) < 0);
        var indentation = Indentation.Of(existing[0]);
        return before is null
            ? new(new(existing[0].SpanStart, 0), $"using {name};{newLine}{indentation}")
            : new(new(before.Span.End, 0), $"{newLine}{indentation}using {name};");
    }

    /// <summary>The directives that are not in a branch of <c>#if</c>: those of the file, or else of its only namespace.</summary>
    private static List<UsingDirectiveSyntax> Existing(CompilationUnitSyntax file)
    {
        var ofFile = Plain(file.Usings);
        return ofFile.Count == 0 && file.Members is [BaseNamespaceDeclarationSyntax only] ? Plain(only.Usings) : ofFile;
    }

    private static List<UsingDirectiveSyntax> Plain(SyntaxList<UsingDirectiveSyntax> usings) =>
    [
        .. usings.Where(each => each is { Alias: null, StaticKeyword.RawKind: (int)SyntaxKind.None, GlobalKeyword.RawKind: (int)SyntaxKind.None, Name: not null }
            && !Directives.AreOpenAt(each.SpanStart, each.SyntaxTree.GetRoot())),
    ];

    private sealed class NamespaceOrder : IComparer<string>
    {
        public static NamespaceOrder Instance { get; } = new();

        public int Compare(string x, string y) => (IsSystem(x), IsSystem(y)) switch
        {
            (true, false) => -1,
            (false, true) => 1,
            _ => StringComparer.Ordinal.Compare(x, y),
        };

        private static bool IsSystem(string name) => name == "System" || name.StartsWith("System.", StringComparison.Ordinal);
    }
}
