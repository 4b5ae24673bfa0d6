using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.CodeFixes.Editing;

/// <summary>A document to fix.</summary>
internal sealed record FixPlace(Document Document, SyntaxNode Root, SemanticModel Model)
{
    public static async Task<FixPlace?> InAsync(Document document, CancellationToken cancellationToken)
    {
        var root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        var model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        return root is null || model is null ? null : new(document, root, model);
    }

    public KnownTypes? Known => KnownTypes.In(Model.Compilation);

    /// <summary>The type at whose name a diagnostic is, or null.</summary>
    public TypeDeclarationSyntax? TypeAt(Diagnostic diagnostic) =>
        Root.FindToken(diagnostic.Location.SourceSpan.Start) is { Parent: TypeDeclarationSyntax type } token && token == type.Identifier ? type : null;

    /// <summary>The attribute at a position, if it has a type; otherwise null.</summary>
    public AttributeSyntax? AttributeAt(int position, ITypeSymbol? type) =>
        Root.FindToken(position).Parent?.FirstAncestorOrSelf<AttributeSyntax>() is { } attribute && KnownTypes.AreSame(Model.GetTypeInfo(attribute).Type, type)
            ? attribute
            : null;

    /// <summary>The parameter that a diagnostic is about, or null: for an inherited one, the diagnostic is at the class.</summary>
    public ParameterSyntax? ParameterAt(Diagnostic diagnostic) =>
        Root.FindToken(diagnostic.Location.SourceSpan.Start).Parent?.FirstAncestorOrSelf<ParameterSyntax>();

    /// <summary>
    /// All declarations of the method that a diagnostic is about: two of a partial one; none if one is in another file, or if
    /// the method overrides another, which would have to change too.
    /// </summary>
    public IReadOnlyList<MethodDeclarationSyntax> MethodAt(Diagnostic diagnostic)
    {
        var declaration = Root.FindToken(diagnostic.Location.SourceSpan.Start).Parent?
            .FirstAncestorOrSelf<MemberDeclarationSyntax>() as MethodDeclarationSyntax;
        if (declaration is null || Model.GetDeclaredSymbol(declaration) is not { IsOverride: false } method)
            return [];

        var parts = new[] { method, method.PartialDefinitionPart, method.PartialImplementationPart }
            .SelectMany(each => each?.DeclaringSyntaxReferences ?? [])
            .Distinct()
            .ToList();

        return parts.All(each => each.SyntaxTree == Root.SyntaxTree)
            ? parts.Select(each => each.GetSyntax()).OfType<MethodDeclarationSyntax>().Distinct().ToList()
            : [];
    }
}
