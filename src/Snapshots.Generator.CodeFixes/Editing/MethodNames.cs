using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Generator.CodeFixes.Editing;

/// <summary>Finds the uses of a parameter in its method.</summary>
internal static class MethodNames
{
    /// <summary>The uses of a parameter in the body and in the documentation of its method.</summary>
    public static IEnumerable<SyntaxToken> Of(ParameterSyntax parameter, SemanticModel model)
    {
        if (MethodOf(parameter) is not { } method || model.GetDeclaredSymbol(parameter) is not { } symbol)
            return [];

        return method.DescendantNodes(descendIntoTrivia: true)
            .OfType<IdentifierNameSyntax>()
            .Where(each => each.Identifier.ValueText == symbol.Name)
            .Where(each => each.Parent is XmlNameAttributeSyntax || SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(each).Symbol, symbol))
            .Select(each => each.Identifier);
    }

    /// <summary>Whether the body of a method uses a parameter.</summary>
    public static bool AreUsed(ParameterSyntax parameter, SemanticModel model) =>
        Of(parameter, model).Any(each => each.Parent?.Parent is not XmlNameAttributeSyntax { Parent: XmlElementStartTagSyntax });

    /// <summary>Whether the method uses a name already.</summary>
    public static bool Have(ParameterSyntax parameter, string name) =>
        MethodOf(parameter)?.DescendantTokens().Any(each => each.IsKind(SyntaxKind.IdentifierToken) && each.ValueText == name) ?? true;

    /// <summary>The documentation of a parameter, as whole lines.</summary>
    public static IEnumerable<TextSpan> DocumentationOf(ParameterSyntax parameter)
    {
        var name = parameter.Identifier.ValueText;
        var text = parameter.SyntaxTree.GetText();

        return (MethodOf(parameter)?.GetLeadingTrivia() ?? [])
            .Select(each => each.GetStructure())
            .OfType<DocumentationCommentTriviaSyntax>()
            .SelectMany(each => each.Content.OfType<XmlElementSyntax>())
            .Where(each => each.StartTag.Attributes.OfType<XmlNameAttributeSyntax>().Any(attribute => attribute.Identifier.Identifier.ValueText == name)
                && each.StartTag.Name.LocalName.ValueText == "param")
            .Select(each => TextSpan.FromBounds(
                text.Lines.GetLineFromPosition(each.SpanStart).Start,
                text.Lines.GetLineFromPosition(each.Span.End).EndIncludingLineBreak));
    }

    private static MethodDeclarationSyntax? MethodOf(ParameterSyntax parameter) => parameter.Parent?.Parent as MethodDeclarationSyntax;
}
