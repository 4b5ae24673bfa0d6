using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.CodeFixes.Fallbacks;
using Containerd.Snapshots.Generator.CodeFixes.Stubs;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Containerd.Snapshots.Generator.CodeFixes.Fixes;

/// <summary>Fixes a fallback, or writes in the class what it does not answer.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(FallbackFixProvider)), Shared]
public sealed class FallbackFixProvider : FixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
    [
        Rule.TwoFallbacks.Id, Rule.StaticFallback.Id, Rule.FallbackWithoutCalls.Id, Rule.AmbiguousFallback.Id, Rule.FallbackMisfit.Id, Rule.UndisposedFallback.Id,
    ];

    private protected override IEnumerable<Offer> Offers(FixPlace place, Diagnostic diagnostic)
    {
        // The diagnostic of an inherited fallback is at the class.
        if (place.Known is not { } known || FallbackMember.At(diagnostic, place) is not { } member)
            return [];

        var id = diagnostic.Id;
        return id == Rule.TwoFallbacks.Id ? [new("Unmark", $"Remove [SnapshotterFallback] from '{member.Name}'", member.Unmark)]
            : id == Rule.StaticFallback.Id ? [new("RemoveStatic", $"Remove 'static' from '{member.Name}'", member.RemoveStatic)]
            : id == Rule.FallbackWithoutCalls.Id ? Declaring(member, known)
            : id == Rule.AmbiguousFallback.Id ? Forwarding(member, Calls(diagnostic), known)
            : id == Rule.FallbackMisfit.Id ? Writing(member, Calls(diagnostic), known)
            : Disposing(member, known);
    }

    private static List<SnapshotterCall> Calls(Diagnostic diagnostic) =>
        diagnostic.Properties.TryGetValue(FlawProperty.Missing, out var names) && names is not null ? [.. names.Split(',').Select(CallTable.Get)] : [];

    private static IEnumerable<Offer> Declaring(FallbackMember member, KnownTypes known)
    {
        if (member.CreatedType is { } type && CallTable.Calls.Any(call => FallbackChoice.Of(type, call, known).Shape is not null))
            yield return new("Declare", $"Declare '{member.Name}' as '{TypeText.Of(type)}'", edit => member.Declare(type, edit));
    }

    private static IEnumerable<Offer> Forwarding(FallbackMember member, List<SnapshotterCall> calls, KnownTypes known) => calls
        .SelectMany(call => FallbackChoice.Of(member.Type, call, known).Methods)
        .Select(method => new Offer(
            TypeText.Of(method),
            $"Answer with '{TypeText.Of(method)}'",
            edit => StubWriter.Write(member.Class, [ForwardText.Of(method, member.Symbol, edit, member.Class.Identifier.SpanStart)], edit)));

    private static IEnumerable<Offer> Writing(FallbackMember member, List<SnapshotterCall> calls, KnownTypes known)
    {
        var stubs = Stub.Of(calls, member.Symbol.ContainingType, known).ToList();
        if (stubs.Count > 0)
            yield return new("Write", $"Write {string.Join(", ", stubs.Select(stub => stub.Name))} here", edit => StubWriter.Write(member.Class, stubs, edit, known));
    }

    private static IEnumerable<Offer> Disposing(FallbackMember member, KnownTypes known)
    {
        var isAsync = KnownTypes.IsOrImplements(member.Type, known.AsyncDisposable);
        if ((isAsync ? known.AsyncDisposable : known.Disposable) is { } disposable)
            yield return new("Dispose", $"Implement {disposable.Name} and dispose '{member.Name}'", edit => Disposal.Write(member, disposable, isAsync, known, edit));
    }
}
