using System.Linq;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Generator.CodeFixes.Fallbacks;

/// <summary>A field or a property that is marked as the fallback.</summary>
internal sealed class FallbackMember
{
    private readonly MemberDeclarationSyntax _declaration;
    private readonly FixPlace _place;

    private FallbackMember(MemberDeclarationSyntax declaration, TypeDeclarationSyntax type, ISymbol symbol, INamedTypeSymbol of, FixPlace place)
    {
        _declaration = declaration;
        _place = place;
        Class = type;
        Symbol = symbol;
        Type = of;
    }

    /// <summary>The fallback that a diagnostic is at; null if it is at something else.</summary>
    public static FallbackMember? At(Diagnostic diagnostic, FixPlace place)
    {
        var declaration = place.Root.FindToken(diagnostic.Location.SourceSpan.Start).Parent?.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        SyntaxNode? declared = declaration switch
        {
            FieldDeclarationSyntax { Declaration.Variables: [var only] } => only,
            PropertyDeclarationSyntax property => property,
            _ => null,
        };

        return declaration?.Parent is TypeDeclarationSyntax type && declared is not null && place.Model.GetDeclaredSymbol(declared) is { } symbol && TypeOf(symbol) is { } of
            ? new(declaration, type, symbol, of, place)
            : null;
    }

    public TypeDeclarationSyntax Class { get; }

    public ISymbol Symbol { get; }

    public INamedTypeSymbol Type { get; }

    public string Name => Symbol.Name;

    public bool CanBeNull =>
        (Symbol is IPropertySymbol property ? property.NullableAnnotation : ((IFieldSymbol)Symbol).NullableAnnotation) == NullableAnnotation.Annotated;

    /// <summary>The type of the object that the declaration creates; null if it creates none.</summary>
    public INamedTypeSymbol? CreatedType
    {
        get
        {
            var value = (_declaration as PropertyDeclarationSyntax)?.Initializer ?? (_declaration as FieldDeclarationSyntax)?.Declaration.Variables[0].Initializer;
            return value?.Value is ObjectCreationExpressionSyntax creation ? _place.Model.GetTypeInfo(creation).Type as INamedTypeSymbol : null;
        }
    }

    /// <summary>Removes the attribute.</summary>
    public void Unmark(DocumentEdit edit)
    {
        var attribute = _declaration.AttributeLists.SelectMany(list => list.Attributes)
            .First(each => KnownTypes.AreSame(_place.Model.GetTypeInfo(each).Type, _place.Known?.Fallback));
        var list = (AttributeListSyntax)attribute.Parent!;
        if (list.Attributes.Count == 1)
        {
            edit.Remove(TextSpan.FromBounds(list.SpanStart, list.GetLastToken().GetNextToken().SpanStart));
            return;
        }

        var index = list.Attributes.IndexOf(attribute);
        edit.Remove(index + 1 < list.Attributes.Count
            ? TextSpan.FromBounds(attribute.SpanStart, list.Attributes[index + 1].SpanStart)
            : TextSpan.FromBounds(list.Attributes[index - 1].Span.End, attribute.Span.End));
    }

    public void RemoveStatic(DocumentEdit edit) => edit.RemoveWord(_declaration.Modifiers.First(each => each.IsKind(SyntaxKind.StaticKeyword)));

    public void Declare(ITypeSymbol type, DocumentEdit edit)
    {
        var old = (_declaration as PropertyDeclarationSyntax)?.Type ?? ((FieldDeclarationSyntax)_declaration).Declaration.Type;
        edit.Replace(old.Span, edit.NameOf(type, old.SpanStart));
    }

    private static INamedTypeSymbol? TypeOf(ISymbol symbol) => (symbol is IPropertySymbol property ? property.Type : (symbol as IFieldSymbol)?.Type) as INamedTypeSymbol;
}
