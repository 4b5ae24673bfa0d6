using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.CodeFixes.Fixes;

/// <summary>Makes a result of a value that does not convert to it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UnconvertedResultFixProvider)), Shared]
public sealed class UnconvertedResultFixProvider : FixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rule.UnconvertedResult.Id];

    private protected override IEnumerable<Offer> Offers(FixPlace place, Diagnostic diagnostic)
    {
        if (place.Root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is not ExpressionSyntax value
            || place.Known is not { Result: { } result } || !diagnostic.Properties.TryGetValue(FlawProperty.Name, out var payload))
        {
            yield break;
        }

        yield return new("Convert", "Write 'SnapshotResult.Of'", edit =>
        {
            var argument = TypeOf(payload, value, place) is { } type ? $"<{edit.NameOf(type, value.SpanStart)}>" : "";
            edit.Insert(value.SpanStart, $"{edit.NameOf(result, value.SpanStart)}.Of{argument}(");
            edit.Insert(value.Span.End, ")");
        });
    }

    /// <summary>The type that must be written; null if the value has it.</summary>
    private static ITypeSymbol? TypeOf(string? name, ExpressionSyntax value, FixPlace place) => string.IsNullOrEmpty(name)
        ? null
        : place.Model.GetSpeculativeTypeInfo(value.SpanStart, SyntaxFactory.ParseTypeName(name!), SpeculativeBindingOption.BindAsTypeOrNamespace).Type;
}
