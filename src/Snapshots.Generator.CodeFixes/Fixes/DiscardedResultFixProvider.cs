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

namespace Containerd.Snapshots.Generator.CodeFixes.Fixes;

/// <summary>Returns a result that a call discards, if the call returns results.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DiscardedResultFixProvider)), Shared]
public sealed class DiscardedResultFixProvider : FixProvider
{
    private const string Name = "failure";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rule.DiscardedResult.Id];

    private protected override IEnumerable<Offer> Offers(FixPlace place, Diagnostic diagnostic)
    {
        var statement = place.Root.FindToken(diagnostic.Location.SourceSpan.Start).Parent?.FirstAncestorOrSelf<ExpressionStatementSyntax>();
        if (statement is null || place.Known is not { } known || !Returns(statement, place, known))
            return [];

        var value = ValueOf(statement);
        if (IsNewError(value, place, known))
            return IsLastOfBlock(statement) ? [new("Return", "Return the error", edit => edit.Replace(statement.Span, $"return {value};"))] : [];

        return UsesName(statement) ? [] : [new("ReturnError", "Return the result if it is an error", edit => edit.Replace(
            statement.Span, $"if ({value} is {{ IsSuccess: false }} {Name}){NewLine.Of(place.Root)}{Indentation.Of(statement)}{UnitAt(statement)}return {Name};"))];
    }

    /// <summary>Whether the statement's own method can return the value.</summary>
    private static bool Returns(ExpressionStatementSyntax statement, FixPlace place, KnownTypes known)
    {
        var function = statement.Ancestors().First(each => each is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax);
        if (function is not MethodDeclarationSyntax declaration || place.Model.GetDeclaredSymbol(declaration) is not { ReturnType: var type } method)
            return false;

        var returned = method.IsAsync ? known.WithoutTask(type) : type;
        return known.IsResult(returned) && place.Model.ClassifyConversion(ValueOf(statement), returned).IsImplicit;
    }

    private static ExpressionSyntax ValueOf(ExpressionStatementSyntax statement) =>
        statement.Expression is AssignmentExpressionSyntax assignment ? assignment.Right : statement.Expression;

    private static bool IsNewError(ExpressionSyntax value, FixPlace place, KnownTypes known) =>
        place.Model.GetSymbolInfo(value).Symbol is IMethodSymbol { IsStatic: true, ContainingType: var type } && KnownTypes.AreSame(type, known.Result);

    /// <summary>Whether no statement follows that could not be reached any more.</summary>
    private static bool IsLastOfBlock(ExpressionStatementSyntax statement) =>
        statement.Parent is IfStatementSyntax or ElseClauseSyntax || (statement.Parent is BlockSyntax block && block.Statements.Last() == statement);

    private static bool UsesName(SyntaxNode node) => node.FirstAncestorOrSelf<MethodDeclarationSyntax>()!
        .DescendantTokens()
        .Any(each => each.IsKind(SyntaxKind.IdentifierToken) && each.ValueText == Name);

    private static string UnitAt(SyntaxNode node) => Indentation.UnitOf(node.FirstAncestorOrSelf<TypeDeclarationSyntax>()!);
}
