using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Containerd.Snapshots.Generator.Analyzers;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.CodeFixes.Safety;

/// <summary>What the names in a document mean before and after a fix.</summary>
internal sealed class Meanings(DocumentChange change, ChangedMembers members, CancellationToken cancellationToken)
{
    /// <summary>Whether names that the fix does not write mean something else after it.</summary>
    public bool Differ(IEnumerable<SimpleNameSyntax> names) => names.Any(Differs);

    /// <summary>Whether a name calls a member whose return type changes: the caller may do something else with another value.</summary>
    public bool IsCallThatGetsAnother(SimpleNameSyntax name) =>
        name.FirstAncestorOrSelf<CrefSyntax>() is null && !IsInNameof(name) && members.ReturnsAnother(Definition(SymbolOf(name, change.Before.Model)));

    /// <summary>
    /// Whether a name may be one of the changed members, before or after the fix. Only the code before it is compiled for this.
    /// </summary>
    public bool MayBeOfChanged(SimpleNameSyntax name)
    {
        var model = change.Before.Model;
        if (name.Parent is MemberBindingExpressionSyntax)
            return true;

        if (ReceiverOf(name) is { } receiver)
            return (model.GetTypeInfo(receiver, cancellationToken).Type is { } type && members.AreOf(type)) || members.Contains(SymbolOf(name, model));

        for (var around = model.GetEnclosingSymbol(name.SpanStart, cancellationToken)?.ContainingType; around is not null; around = around.ContainingType)
        {
            if (members.AreOf(around))
                return true;
        }

        return members.Contains(SymbolOf(name, model));
    }

    private bool Differs(SimpleNameSyntax name)
    {
        if (change.Replaces(name.Span) || Mapped(name) is not { } mapped)
            return false;

        var before = SymbolOf(name, change.Before.Model);
        if (before is null || IsForUnmarked(before))
            return false;

        if (before is INamespaceSymbol or ITypeSymbol { IsAnonymousType: true } || name.IsVar)
            return false;

        var after = SymbolOf(mapped, change.After.Model);
        if (after is null)
            return !IsInDocumentation(name);

        return KeyOf(before, isMapped: true) != KeyOf(after, isMapped: false) && !members.Become(before, after) && !IsMeantToDiffer(name, before, after);
    }

    /// <summary>Another overload or another type's member, because the fix changes the arguments or the type of the receiver.</summary>
    private bool IsMeantToDiffer(SimpleNameSyntax name, ISymbol before, ISymbol after)
    {
        if (before.Name != after.Name || before.Kind != after.Kind || name.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { } member || !change.Touches(member.Span))
            return false;

        return name.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { } call && change.Touches(call.Span)
            || ReceiverOf(name) is { } receiver && !IsSameType(receiver)
            || members.Contains(before);
    }

    private bool IsSameType(ExpressionSyntax receiver) => change.Map(receiver.SpanStart) is { } start
        && change.After.Root.FindToken(start).Parent?.AncestorsAndSelf().OfType<ExpressionSyntax>().FirstOrDefault(each => each.ToString() == receiver.ToString()) is { } mapped
        && change.Before.Model.GetTypeInfo(receiver, cancellationToken).Type?.ToDisplayString() == change.After.Model.GetTypeInfo(mapped, cancellationToken).Type?.ToDisplayString();

    /// <summary>Whether a method hosts a class that is not marked, which no class is after it was marked.</summary>
    private bool IsForUnmarked(ISymbol symbol) =>
        symbol is IMethodSymbol method && KnownTypes.In(change.Before.Model.Compilation) is { } known && HostedTypeAnalyzer.TakesUnmarkedClass(method, known);

    private SimpleNameSyntax? Mapped(SimpleNameSyntax name) =>
        change.Map(name.SpanStart) is { } position && position < change.After.Root.FullSpan.End
        && change.After.Root.FindToken(position, findInsideTrivia: true).Parent is SimpleNameSyntax mapped
            ? mapped
            : null;

    /// <summary>The same text for the same symbol; its position if this document declares it.</summary>
    private string KeyOf(ISymbol symbol, bool isMapped)
    {
        if (symbol.ContainingType is { IsAnonymousType: true } or { IsTupleType: true })
            return symbol.Name;

        var version = isMapped ? change.Before : change.After;
        if (symbol.OriginalDefinition.Locations.FirstOrDefault(each => each.SourceTree == version.Root.SyntaxTree) is { } place)
            return (isMapped ? change.Map(place.SourceSpan.Start) : place.SourceSpan.Start)?.ToString() ?? "";

        return symbol.OriginalDefinition.GetDocumentationCommentId() ?? symbol.ToDisplayString();
    }

    private ISymbol? SymbolOf(SimpleNameSyntax name, SemanticModel model)
    {
        var info = model.GetSymbolInfo(name, cancellationToken);
        return info.Symbol is IMethodSymbol { ReducedFrom: { } extension } ? extension : info.Symbol;
    }

    private static ISymbol Definition(ISymbol? symbol) => symbol?.OriginalDefinition!;

    private static ExpressionSyntax? ReceiverOf(SimpleNameSyntax name) => name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access.Expression : null;

    private static bool IsInDocumentation(SyntaxNode node) => node.FirstAncestorOrSelf<DocumentationCommentTriviaSyntax>() is not null;

    private static bool IsInNameof(SyntaxNode node) =>
        node.Ancestors().OfType<InvocationExpressionSyntax>().Any(each => each.Expression is IdentifierNameSyntax { Identifier.ValueText: "nameof" });
}
