using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.CodeFixes.Stubs;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;

namespace Containerd.Snapshots.Generator.CodeFixes.Fixes;

/// <summary>Writes the missing calls of a class.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ImplementCallsFixProvider)), Shared]
public sealed class ImplementCallsFixProvider : FixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rule.NoCalls.Id, Rule.IncompleteCalls.Id];

    private protected override IEnumerable<Offer> Offers(FixPlace place, Diagnostic diagnostic)
    {
        if (place.TypeAt(diagnostic) is not { } type || place.Known is not { } known
            || !diagnostic.Properties.TryGetValue(FlawProperty.Missing, out var names) || names is null)
        {
            yield break;
        }

        if (place.Model.GetDeclaredSymbol(type) is not { } symbol)
            yield break;

        var missing = Stub.Of(names.Split(',').Select(CallTable.Get), symbol, known).ToList();
        var needed = missing.Where(each => CallSetFlaw.IsNeeded(each.Call)).ToList();

        if (needed.Count > 0)
            yield return new("Needed", "Implement the calls that containerd needs", edit => StubWriter.Write(type, needed, edit, known));
        if (missing.Count > needed.Count)
            yield return new("All", "Implement all missing calls", edit => StubWriter.Write(type, missing, edit, known));
    }
}
