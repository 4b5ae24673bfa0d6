using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.CodeFixes.Fixes;

/// <summary>Makes a method that would answer a call public, and removes <c>static</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakeCallableFixProvider)), Shared]
public sealed class MakeCallableFixProvider : FixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rule.NotPublic.Id, Rule.StaticCall.Id];

    private protected override IEnumerable<Offer> Offers(FixPlace place, Diagnostic diagnostic)
    {
        var parts = place.MethodAt(diagnostic);
        if (parts.Count == 0 || parts.Any(IsVirtual))
            yield break; // Its overrides would have to change too.

        var name = parts[0].Identifier.ValueText;
        var title = diagnostic.Id == Rule.NotPublic.Id ? $"Make '{name}' public" : $"Remove 'static' from '{name}'";

        yield return new(diagnostic.Id, title, edit =>
        {
            foreach (var part in parts)
                MakeCallable(part, edit);
        });
    }

    private static void MakeCallable(MethodDeclarationSyntax method, DocumentEdit edit)
    {
        var accessibility = method.Modifiers.Where(IsAccessibility).ToList();
        if (accessibility.Count == 0)
            edit.Insert(method.Modifiers.Concat(method.ReturnType.DescendantTokens()).First().SpanStart, "public ");
        else
            edit.Replace(accessibility[0].Span, "public");

        foreach (var word in accessibility.Skip(1).Concat(method.Modifiers.Where(each => each.IsKind(SyntaxKind.StaticKeyword))))
            edit.RemoveWord(word);
    }

    private static bool IsAccessibility(SyntaxToken word) =>
        word.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.InternalKeyword or SyntaxKind.ProtectedKeyword or SyntaxKind.PrivateKeyword;

    private static bool IsVirtual(MethodDeclarationSyntax method) =>
        method.Modifiers.Any(each => each.Kind() is SyntaxKind.VirtualKeyword or SyntaxKind.AbstractKeyword);
}
