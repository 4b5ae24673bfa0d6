using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading.Tasks;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Rename;

namespace Containerd.Snapshots.Generator.CodeFixes.Fixes;

/// <summary>Gives a method that looks like a call its name, wherever it is used.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RenameFixProvider)), Shared]
public sealed class RenameFixProvider : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rule.LikelySlip.Id];

    /// <summary>Not all at once: each renaming changes the whole solution, and is worth a look by itself.</summary>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await FixPlace.InAsync(context.Document, context.CancellationToken).ConfigureAwait(false) is not { } place)
            return;

        foreach (var diagnostic in context.Diagnostics)
        {
            if (diagnostic.Properties.TryGetValue(FlawProperty.Name, out var name) && name is not null
                && place.MethodAt(diagnostic) is [var declaration, ..]
                && place.Model.GetDeclaredSymbol(declaration) is { } method && CanBeRenamed(method, name))
            {
                context.RegisterCodeFix(
                    CodeAction.Create(
                        $"Rename '{method.Name}' to '{name}'",
                        cancelled => Renamer.RenameSymbolAsync(context.Document.Project.Solution, method, new SymbolRenameOptions(), name, cancelled),
                        name),
                    diagnostic);
            }
        }
    }

    /// <summary>Whether the name is free, and no interface from elsewhere asks for the old one.</summary>
    private static bool CanBeRenamed(IMethodSymbol method, string name)
    {
        var type = method.ContainingType;
        return type.GetMembers(name).IsEmpty
            && !type.AllInterfaces
                .Where(each => each.DeclaringSyntaxReferences.IsEmpty)
                .SelectMany(each => each.GetMembers(method.Name))
                .Any(each => SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(each), method));
    }
}
