using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Rename;

namespace Containerd.Snapshots.Generator.CodeFixes.Fixes;

/// <summary>Renames a method that looks like a misnamed call, with its uses.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RenameFixProvider)), Shared]
public sealed class RenameFixProvider : SolutionFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rule.LikelySlip.Id];

    private protected override string TitleOfAll => "Rename all misnamed calls";

    private protected override async Task<string?> TitleAsync(Solution solution, Diagnostic diagnostic, CancellationToken cancellationToken) =>
        await SlipAsync(solution, diagnostic, cancellationToken).ConfigureAwait(false) is { } slip && CanBeRenamed(slip.Method, slip.Name)
            ? $"Rename '{slip.Method.Name}' to '{slip.Name}'"
            : null;

    /// <summary>Each rename moves the other methods and may take their names, so they are looked up again.</summary>
    private protected override async Task<Solution> FixAsync(Solution solution, IReadOnlyList<Diagnostic> diagnostics, CancellationToken cancellationToken)
    {
        var slips = new List<Slip>();
        foreach (var diagnostic in diagnostics)
        {
            if (await SlipAsync(solution, diagnostic, cancellationToken).ConfigureAwait(false) is { } slip)
                slips.Add(slip);
        }

        // Base classes first: their derived classes then have the name already.
        foreach (var slip in slips.OrderBy(each => BaseTypes(each.Method.ContainingType).Count()))
        {
            var compilation = await solution.GetProject(slip.Project)!.GetCompilationAsync(cancellationToken).ConfigureAwait(false);
            if (compilation is not null && slip.In(compilation) is { } method && CanBeRenamed(method, slip.Name))
                solution = await Renamer.RenameSymbolAsync(solution, method, new SymbolRenameOptions(), slip.Name, cancellationToken).ConfigureAwait(false);
        }

        return solution;
    }

    private static async Task<Slip?> SlipAsync(Solution solution, Diagnostic diagnostic, CancellationToken cancellationToken) =>
        diagnostic.Properties.TryGetValue(FlawProperty.Name, out var name) && name is not null
        && solution.GetDocument(diagnostic.Location.SourceTree) is { } document
        && await FixPlace.InAsync(document, cancellationToken).ConfigureAwait(false) is { } place
        && place.MethodAt(diagnostic) is [var declaration, ..] && place.Model.GetDeclaredSymbol(declaration, cancellationToken) is IMethodSymbol method
            ? new(document.Project.Id, method, name)
            : null;

    /// <summary>Whether the name is free, and no interface of another assembly requires the old one.</summary>
    private static bool CanBeRenamed(IMethodSymbol method, string name)
    {
        var type = method.ContainingType;
        return BaseTypes(type).Prepend(type).All(each => each.GetMembers(name).IsEmpty)
            && !type.AllInterfaces
                .Where(each => each.DeclaringSyntaxReferences.IsEmpty)
                .SelectMany(each => each.GetMembers(method.Name))
                .Any(each => SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(each), method));
    }

    private static IEnumerable<INamedTypeSymbol> BaseTypes(INamedTypeSymbol type)
    {
        for (var each = type.BaseType; each is not null; each = each.BaseType)
            yield return each;
    }

    private sealed record Slip(ProjectId Project, IMethodSymbol Method, string Name)
    {
        /// <summary>The method after other changes, or null if one of them renamed it.</summary>
        public IMethodSymbol? In(Compilation compilation) =>
            DocumentationCommentId.GetFirstSymbolForDeclarationId(Method.GetDocumentationCommentId()!, compilation) as IMethodSymbol;
    }
}
