using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using Containerd.Snapshots.Generator.CodeFixes.Cancellation;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.CodeFixes.Fixes;

/// <summary>Passes the cancellation token of a call to all work that takes one, and adds the token if there is none.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(TokenFixProvider)), Shared]
public sealed class TokenFixProvider : FixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rule.UnusedCancellationToken.Id, Rule.MissingCancellationToken.Id];

    private protected override IEnumerable<Offer> Offers(FixPlace place, Diagnostic diagnostic) =>
        diagnostic.Id == Rule.UnusedCancellationToken.Id ? Passing(place, diagnostic) : Adding(place, diagnostic);

    private static IEnumerable<Offer> Passing(FixPlace place, Diagnostic diagnostic)
    {
        if (place.ParameterAt(diagnostic) is { Parent.Parent: MethodDeclarationSyntax method } parameter && TokenPassing.Gaps(method, place) is { Count: > 0 } gaps)
            yield return new("Pass", $"Pass '{parameter.Identifier.ValueText}' on", edit => TokenPassing.Write(gaps, parameter.Identifier.Text, edit));
    }

    private static IEnumerable<Offer> Adding(FixPlace place, Diagnostic diagnostic) =>
        MissingToken.At(diagnostic, place) is { } token ? [new("Add", "Add a CancellationToken and pass it on", token.AddAsync)] : [];
}
