using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Generator.CodeFixes.Safety;

/// <summary>The members whose declarations a fix changes; bodies do not count.</summary>
internal sealed class ChangedMembers
{
    private readonly Dictionary<ISymbol, ISymbol?> _after = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _new = new(SymbolEqualityComparer.Default);

    public ChangedMembers(IEnumerable<DocumentChange> changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes)
        {
            foreach (var declaration in Declarations(change.Before.Root).Where(each => change.Touches(HeaderOf(each))))
            {
                if (change.Before.Model.GetDeclaredSymbol(declaration, cancellationToken) is { } member)
                    _after[member] = Find(NameOf(declaration).SpanStart, change, cancellationToken);
            }

            var spans = change.NewSpans.ToList();
            var written = Declarations(change.After.Root).Where(each => spans.Exists(HeaderOf(each).IntersectsWith));
            _new.UnionWith(written.Select(each => change.After.Model.GetDeclaredSymbol(each, cancellationToken)).OfType<ISymbol>());
        }

        Names = [.. Before.Concat(_new).Select(each => each.Name)];
        Types = [.. Before.Concat(_new).Select(each => each.ContainingType.Name)];
    }

    /// <summary>The changed members before the fix.</summary>
    public IEnumerable<ISymbol> Before => _after.Keys;

    /// <summary>The names of the members before and after the fix.</summary>
    public HashSet<string> Names { get; }

    /// <summary>The names of the types that have the members.</summary>
    public HashSet<string> Types { get; }

    /// <summary>Whether a type has one of the members, or inherits it.</summary>
    public bool AreOf(ITypeSymbol type)
    {
        if (type is not INamedTypeSymbol named || type.TypeKind is TypeKind.Error or TypeKind.Dynamic)
            return type.TypeKind is not (TypeKind.Array or TypeKind.Pointer);

        return named.BaseTypes().Prepend(named).Any(each => Types.Contains(each.Name));
    }

    public bool Contains(ISymbol? symbol) => symbol is not null && (_after.ContainsKey(symbol.OriginalDefinition) || _new.Contains(symbol.OriginalDefinition));

    /// <summary>Whether a symbol is a changed member, and another one is what it is after the fix.</summary>
    public bool Become(ISymbol before, ISymbol after) =>
        _after.TryGetValue(before.OriginalDefinition, out var changed) && SymbolEqualityComparer.Default.Equals(changed, after.OriginalDefinition);

    /// <summary>Whether a method has another return type after the fix.</summary>
    public bool ReturnsAnother(ISymbol symbol) => symbol is IMethodSymbol method && _after.TryGetValue(method.OriginalDefinition, out var after)
        && after is IMethodSymbol changed && changed.ReturnType.ToDisplayString() != method.ReturnType.ToDisplayString();

    /// <summary>Whether each member implements the same members of interfaces as before.</summary>
    public bool ImplementTheSame => _after.All(each => each.Value is { } after
        && (each.Key.Name == after.Name ? Implemented(each.Key).SetEquals(Implemented(after)) : Implemented(each.Key).Count == Implemented(after).Count))
        && _new.Except(_after.Values.OfType<ISymbol>(), SymbolEqualityComparer.Default).All(each => each is null || ImplementedBy(each).All(member => member.IsAbstract));

    private static HashSet<string> Implemented(ISymbol member) => [.. ImplementedBy(member).Select(each => each.ToDisplayString())];

    private static IEnumerable<ISymbol> ImplementedBy(ISymbol member) => member.ContainingType.AllInterfaces
        .SelectMany(each => each.GetMembers())
        .Where(each => SymbolEqualityComparer.Default.Equals(member.ContainingType.FindImplementationForInterfaceMember(each), member));

    private static ISymbol? Find(int position, DocumentChange change, CancellationToken cancellationToken) =>
        change.Map(position) is { } mapped && change.After.Root.FindToken(mapped).Parent is MemberDeclarationSyntax declaration
            ? change.After.Model.GetDeclaredSymbol(declaration, cancellationToken)
            : null;

    private static IEnumerable<MemberDeclarationSyntax> Declarations(SyntaxNode root) => root
        .DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax)
        .OfType<MemberDeclarationSyntax>()
        .Where(each => each is MethodDeclarationSyntax or PropertyDeclarationSyntax);

    private static SyntaxToken NameOf(MemberDeclarationSyntax declaration) =>
        declaration is MethodDeclarationSyntax method ? method.Identifier : ((PropertyDeclarationSyntax)declaration).Identifier;

    /// <summary>A declaration without its body.</summary>
    private static TextSpan HeaderOf(MemberDeclarationSyntax declaration) => declaration switch
    {
        MethodDeclarationSyntax { Body: { } body } => TextSpan.FromBounds(declaration.SpanStart, body.SpanStart),
        MethodDeclarationSyntax { ExpressionBody: { } body } => TextSpan.FromBounds(declaration.SpanStart, body.SpanStart),
        _ => declaration.Span,
    };
}
