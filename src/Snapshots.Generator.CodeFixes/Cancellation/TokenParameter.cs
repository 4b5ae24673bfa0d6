using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.CodeFixes.Parameters;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;

namespace Containerd.Snapshots.Generator.CodeFixes.Cancellation;

/// <summary>Adds a cancellation token as the last parameter of a method.</summary>
internal static class TokenParameter
{
    public const string Name = "cancellationToken";

    private const string ForIterators = "System.Runtime.CompilerServices.EnumeratorCancellationAttribute";

    /// <summary>Whether the name is free, and no overload has the same number of parameters then.</summary>
    public static bool CanBeAdded(IReadOnlyList<MethodDeclarationSyntax> parts, FixPlace place) =>
        !parts.Any(part => part.DescendantTokens().Any(each => each.IsKind(SyntaxKind.IdentifierToken) && each.ValueText == Name))
        && place.Model.GetDeclaredSymbol(parts[0]) is { } method
        && !method.ContainingType.GetMembers(method.Name).OfType<IMethodSymbol>().Any(each => each.Parameters.Length == method.Parameters.Length + 1);

    public static async Task AddAsync(IReadOnlyList<MethodDeclarationSyntax> parts, ITypeSymbol type, DocumentEdit edit, CancellationToken cancellationToken)
    {
        var method = (IMethodSymbol)edit.Place.Model.GetDeclaredSymbol(parts[0], cancellationToken)!;
        var isOptional = parts.Any(part => part.ParameterList.Parameters.LastOrDefault() is { Default: not null })
            || await IsCalledAsync(method, edit.Place.Document.Project.Solution, cancellationToken).ConfigureAwait(false);

        foreach (var part in parts)
        {
            var isImplementation = parts.Count > 1 && part.GetBody() is not null; // Only the definition declares the default value.
            var attribute = part.GetBody() is not null && IsAsyncIterator(part) ? AttributeOf(edit, part) : "";
            var text = $"{attribute}{edit.NameOf(type, part.SpanStart)} {Name}{(isOptional && !isImplementation ? " = default" : "")}";

            ParameterInsertion.After(part.ParameterList.Parameters.LastOrDefault(), part.ParameterList, text, edit);
            Document(part, edit);
        }
    }

    /// <summary>If other parameters are documented, the compiler wants this one documented too.</summary>
    private static void Document(MethodDeclarationSyntax method, DocumentEdit edit)
    {
        var documented = method.ParameterList.Parameters.SelectMany(MethodNames.DocumentationOf).ToList();
        if (documented.Count == 0)
            return;

        var last = documented.OrderBy(each => each.End).Last();
        var text = edit.Place.Root.GetText().ToString(last);
        var start = text.Substring(0, text.IndexOf('<'));
        edit.Insert(last.End, $"{start}<param name=\"{Name}\">Canceled when the caller gives up or the deadline passes.</param>{NewLine.Of(edit.Place.Root)}");
    }

    /// <summary>Whether code other than generated code calls the method: that code must still compile.</summary>
    private static async Task<bool> IsCalledAsync(IMethodSymbol method, Solution solution, CancellationToken cancellationToken)
    {
        var references = await SymbolFinder.FindReferencesAsync(method, solution, cancellationToken).ConfigureAwait(false);
        return references.SelectMany(each => each.Locations)
            .Where(each => each.Document is not SourceGeneratedDocument)
            .Any(each => each.Location.SourceTree!.GetRoot(cancellationToken)
                .FindNode(each.Location.SourceSpan, findInsideTrivia: true)
                .FirstAncestorOrSelf<CrefSyntax>() is null);
    }

    private static bool IsAsyncIterator(MethodDeclarationSyntax method) => method.Modifiers.Any(SyntaxKind.AsyncKeyword)
        && method.DescendantNodes(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).OfType<YieldStatementSyntax>().Any();

    private static string AttributeOf(DocumentEdit edit, MethodDeclarationSyntax method)
    {
        const string Suffix = "Attribute";
        if (edit.Place.Model.Compilation.GetTypeByMetadataName(ForIterators) is not { } attribute)
            return "";

        var name = edit.NameOf(attribute, method.SpanStart);
        return $"[{name.Substring(0, name.Length - Suffix.Length)}] ";
    }

    private static SyntaxNode? GetBody(this MethodDeclarationSyntax method) => (SyntaxNode?)method.Body ?? method.ExpressionBody;
}
