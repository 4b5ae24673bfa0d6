using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Generator.CodeFixes.Fixes;

/// <summary>Makes a method return what its call is answered with; a synchronous one stays so, and an asynchronous one.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReturnTypeFixProvider)), Shared]
public sealed class ReturnTypeFixProvider : EditFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rule.RefReturn.Id, Rule.AsyncVoid.Id, Rule.WrongReturnType.Id];

    private protected override IEnumerable<Offer> Offers(FixPlace place, Diagnostic diagnostic)
    {
        var parts = place.MethodAt(diagnostic);
        if (parts.Count == 0)
            return [];

        if (diagnostic.Id == Rule.RefReturn.Id)
            return [RemovingRef(parts)];

        return diagnostic.Properties.TryGetValue(FlawProperty.Call, out var name) && name is not null && place.Known is { } known
            ? Returning(parts, CallTable.Get(name), known, place)
            : [];
    }

    private static Offer RemovingRef(IReadOnlyList<MethodDeclarationSyntax> parts) => new("RemoveRef", "Return by value", edit =>
    {
        foreach (var part in parts)
        {
            if (part.ReturnType is RefTypeSyntax type)
                edit.Remove(TextSpan.FromBounds(type.SpanStart, type.Type.SpanStart));

            foreach (var returned in part.DescendantNodes(IsOwn).OfType<RefExpressionSyntax>())
            {
                if (returned.Parent is ReturnStatementSyntax || returned.Parent == part.ExpressionBody)
                    edit.RemoveWord(returned.RefKeyword);
            }
        }
    });

    private static IEnumerable<Offer> Returning(IReadOnlyList<MethodDeclarationSyntax> parts, SnapshotterCall call, KnownTypes known, FixPlace place)
    {
        var isIterator = parts.Any(part => part.DescendantNodes(IsOwn).OfType<YieldStatementSyntax>().Any());
        var isAsync = parts.Any(part => part.Modifiers.Any(SyntaxKind.AsyncKeyword));
        var old = place.Model.GetDeclaredSymbol(parts[0])!.ReturnType;

        if (new ReturnTypes(known, place.Model.Compilation).For(call, old, isAsync, isIterator) is not { } type)
            yield break;

        yield return new("Return", $"Return '{TypeText.Of(type)}'", edit =>
        {
            foreach (var part in parts)
                edit.Replace(part.ReturnType.Span, edit.NameOf(type, part.ReturnType.SpanStart));
        });
    }

    /// <summary>What a function inside the method returns is its own.</summary>
    private static bool IsOwn(SyntaxNode node) => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax);
}
