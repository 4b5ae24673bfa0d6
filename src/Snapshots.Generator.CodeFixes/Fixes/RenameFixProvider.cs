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

namespace Containerd.Snapshots.Generator.CodeFixes.Fixes;

/// <summary>Renames a method that looks like a misnamed call, with its uses.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RenameFixProvider)), Shared]
public sealed class RenameFixProvider : FixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rule.LikelySlip.Id];

    private protected override IEnumerable<Offer> Offers(FixPlace place, Diagnostic diagnostic)
    {
        if (!diagnostic.Properties.TryGetValue(FlawProperty.Name, out var name) || name is null
            || place.MethodAt(diagnostic) is not [var declaration, ..]
            || place.Model.GetDeclaredSymbol(declaration) is not { } method
            || !CanBeRenamed(method, name))
        {
            yield break;
        }

        yield return new("Rename", $"Rename '{method.Name}' to '{name}'", (edit, cancelled) => edit.All.RenameAsync(method, name, cancelled))
        {
            Order = method.ContainingType.BaseTypes().Count(), // A base class first: only one of it and a derived class can have the name.
        };
    }

    /// <summary>Whether the name is free, and no interface of another assembly requires the old one.</summary>
    private static bool CanBeRenamed(IMethodSymbol method, string name)
    {
        var type = method.ContainingType;
        return type.BaseTypes().Prepend(type).All(each => each.GetMembers(name).IsEmpty)
            && !type.AllInterfaces
                .Where(each => each.DeclaringSyntaxReferences.IsEmpty)
                .SelectMany(each => each.GetMembers(method.Name))
                .Any(each => SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(each), method));
    }
}
