using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.CodeFixes.Returns;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Generator.CodeFixes.Fixes;

/// <summary>Changes the return type of a method to one that its call accepts; the method stays synchronous or asynchronous.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReturnTypeFixProvider)), Shared]
public sealed class ReturnTypeFixProvider : FixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rule.RefReturn.Id, Rule.AsyncVoid.Id, Rule.WrongReturnType.Id, Rule.AmbiguousReturnType.Id];

    private protected override IEnumerable<Offer> Offers(FixPlace place, Diagnostic diagnostic)
    {
        var parts = place.MethodAt(diagnostic);
        if (parts.Count == 0)
            return [];

        if (diagnostic.Id == Rule.RefReturn.Id)
            return [RemovingRef(parts)];

        if (diagnostic.Id == Rule.AmbiguousReturnType.Id)
            return place.Known is { } types ? ReturningInterface(parts, types, place) : [];

        return diagnostic.Properties.TryGetValue(FlawProperty.Call, out var name) && name is not null && place.Known is { } known
            ? Returning(parts, CallTable.Get(name), known, place)
            : [];
    }

    private static Offer RemovingRef(IReadOnlyList<MethodDeclarationSyntax> parts) => new("RemoveRef", "Return by value", edit =>
    {
        foreach (var part in parts)
        {
            if (part.ReturnType is RefTypeSyntax type)
                edit.Remove(TextSpan.FromBounds(type.SpanStart, type.Type.SpanStart));

            foreach (var returned in part.DescendantNodes(ReturnedValues.IsOwn).OfType<RefExpressionSyntax>())
            {
                if (returned.Parent is ReturnStatementSyntax || returned.Parent == part.ExpressionBody)
                    edit.RemoveWord(returned.RefKeyword);
            }
        }
    });

    private static IEnumerable<Offer> Returning(IReadOnlyList<MethodDeclarationSyntax> parts, SnapshotterCall call, KnownTypes known, FixPlace place)
    {
        var isIterator = parts.Any(ReturnedValues.AreYielded);
        var isAsync = parts.Any(part => part.Modifiers.Any(SyntaxKind.AsyncKeyword));
        var old = place.Model.GetDeclaredSymbol(parts[0])!.ReturnType;

        var types = new ReturnTypes(known, place.Model.Compilation);
        if (call.Payload == Payload.None && old.SpecialType != SpecialType.System_Void && !Outcome.IsAlwaysSuccess(parts, place))
            return types.ResultForBool(old) is { } result && Outcome.CanTurn(parts, known, place) ? [ReturningResult(parts, result, call, known, place)] : [];

        return types.For(call, old, isAsync, isIterator) is { } type ? [Returning(parts, type, old, isAsync, known, place)] : [];
    }

    private static Offer Returning(IReadOnlyList<MethodDeclarationSyntax> parts, ITypeSymbol type, ITypeSymbol old, bool isAsync, KnownTypes known, FixPlace place) =>
        new("Return", TitleOf(type, parts, place), edit =>
        {
            edit.Retype(parts, type);
            foreach (var part in old.SpecialType == SpecialType.System_Void ? [] : parts)
                Return(part, type, isAsync, known, edit);
        });

    /// <summary>Nothing in place of a value would turn a failure into a success.</summary>
    private static Offer ReturningResult(IReadOnlyList<MethodDeclarationSyntax> parts, ITypeSymbol result, SnapshotterCall call, KnownTypes known, FixPlace place) =>
        new("Return", TitleOf(result, parts, place), edit =>
        {
            edit.Retype(parts, result);
            foreach (var part in parts)
                new Outcome(call, known, edit).Turn(part);
        });

    private static string TitleOf(ITypeSymbol type, IReadOnlyList<MethodDeclarationSyntax> parts, FixPlace place) =>
        $"Return '{new TypeNames(place.Model, parts[0].ReturnType.SpanStart).Of(type)}'";

    private static void Return(MethodDeclarationSyntax method, ITypeSymbol type, bool isAsync, KnownTypes known, DocumentEdit edit)
    {
        var isNothing = isAsync ? KnownTypes.AreSame(type, known.Task) || KnownTypes.AreSame(type, known.ValueTask) : type.SpecialType == SpecialType.System_Void;
        if (isNothing)
            ReturnedValues.Drop(method, edit);
        else if (!isAsync && KnownTypes.AreSame(type, known.AsyncInfos))
            ReturnedValues.Unwrap(method, edit);
        else if (!isAsync && KnownTypes.AreSame(type, known.ValueTask))
            ReturnedValues.Complete(method, edit);
    }

    /// <summary>Offers either of the interfaces of a sequence.</summary>
    private static IEnumerable<Offer> ReturningInterface(IReadOnlyList<MethodDeclarationSyntax> parts, KnownTypes known, FixPlace place)
    {
        if (place.Model.GetDeclaredSymbol(parts[0]) is not { ReturnType: var old })
            return [];

        return new[] { known.Infos, known.AsyncInfos }.OfType<ITypeSymbol>()
            .Where(each => KnownTypes.IsOrImplements(old, each)) // Not if it is in a result, which does not convert.
            .Select(each => new Offer(TypeText.Of(each), $"Return '{TypeText.Of(each)}'", edit => edit.Retype(parts, each)));
    }
}
