using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Containerd.Snapshots.Generator.Analyzers;
using Containerd.Snapshots.Generator.Cancellation;
using Containerd.Snapshots.Generator.CodeFixes.Cancellation;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.CodeFixes.Returns;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.CodeFixes.Fixes;

/// <summary>Awaits a task that an async call blocks on, and a task that a call discards; for the latter the call becomes async.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AwaitFixProvider)), Shared]
public sealed class AwaitFixProvider : FixProvider
{
    private const string Kind = "Await";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rule.BlockingCall.Id, Rule.DiscardedTask.Id];

    private protected override IEnumerable<Offer> Offers(FixPlace place, Diagnostic diagnostic)
    {
        if (place.Root.FindToken(diagnostic.Location.SourceSpan.Start).Parent is not SimpleNameSyntax name || !AwaitPlace.Is(name))
            return [];

        if (diagnostic.Id == Rule.DiscardedTask.Id)
            return Discarded(name) is { } discarded && !IsVoid(discarded, place) && AsyncMethod.At(diagnostic, place) is { } method
                ? [Awaiting([.. AllDiscarded(discarded, place).Select(each => new Wait(each, each))], diagnostic, place, method)]
                : [];

        if (!IsInAsync(name))
            return [];

        if (diagnostic.Properties.TryGetValue(FlawProperty.Name, out var better) && better is not null)
            return Replacing(name, better, place);

        if (name.Identifier.ValueText == "Sleep")
            return Wait.Called(name) is { } sleep ? [Delaying(sleep, diagnostic, place)] : [];

        return Wait.At(name) is { BeginsWithAnother: false } wait && CanBeAwaited(wait.Task, place) ? [Awaiting([wait], diagnostic, place)] : [];
    }

    private static bool IsVoid(ExpressionSyntax work, FixPlace place) => place.Model.GetTypeInfo(work).Type?.SpecialType == SpecialType.System_Void;

    private static bool IsInAsync(SyntaxNode node) =>
        node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { } method && method.Modifiers.Any(SyntaxKind.AsyncKeyword);

    private static IEnumerable<Offer> Replacing(SimpleNameSyntax name, string better, FixPlace place)
    {
        if (Wait.Called(name) is { } whole && AsyncTwin.Of(whole, name, better, TokenOf(whole, place), place.Model) is { } twin)
            yield return new($"{Kind}{better}", $"Await '{better}'", edit => edit.Replace(whole.Span, Wait.IsPart(whole) ? $"(await {twin})" : $"await {twin}"));
    }

    /// <summary>Whether what is waited for is a task, and not a signal.</summary>
    private static bool CanBeAwaited(ExpressionSyntax task, FixPlace place) => (place.Known?.IsTask(place.Model.GetTypeInfo(task).Type) ?? false)
        || place.Model.GetTypeInfo(task).Type is { Name: "ConfiguredTaskAwaitable" or "ConfiguredValueTaskAwaitable" };

    private static Offer Delaying(InvocationExpressionSyntax sleep, Diagnostic diagnostic, FixPlace place)
    {
        var canPass = place.Model.GetOperation(sleep) is { } operation && place.Known is { } known && TokenGap.IsInReach(operation, known);
        var token = canPass ? TokenOf(sleep, place) : null;
        var missing = canPass && token is null ? MissingToken.At(diagnostic, place) : null;

        return Offering("Await Task.Delay", missing, edit =>
        {
            if (place.Known is not { Task: { } task } || sleep.ArgumentList.Arguments.LastOrDefault() is not { } last)
                return;

            edit.Replace(sleep.Expression.Span, $"await {edit.NameOf(task, sleep.SpanStart)}.Delay");
            if ((missing is null ? token : TokenParameter.Name) is { } passed)
                edit.Insert(last.Span.End, $", {passed}");
        });
    }

    private static Offer Awaiting(IReadOnlyList<Wait> waits, Diagnostic diagnostic, FixPlace place, AsyncMethod? method = null)
    {
        var gaps = waits.SelectMany(each => TokenPassing.Gaps(each.Task, place)).ToList();
        var token = TokenOf(waits[0].Task, place);
        var missing = gaps.Count > 0 && token is null ? MissingToken.At(diagnostic, place) : null;

        return Offering(method is null ? "Await the task" : "Make the call async and await the task", missing, edit =>
        {
            method?.Write(edit);
            foreach (var wait in waits)
                wait.Await(edit);
            if (token is not null)
                TokenPassing.Write(gaps, token, edit);
        });
    }

    /// <summary>Offers a fix that also adds the token if it is missing: the awaited method takes it.</summary>
    private static Offer Offering(string title, MissingToken? missing, Action<DocumentEdit> apply) => missing is null
        ? new(Kind, title, apply)
        : new(Kind, $"{title}, with a new CancellationToken", async (edit, cancelled) =>
        {
            await missing.AddAsync(edit, cancelled).ConfigureAwait(false);
            apply(edit);
        });

    /// <summary>The token of the enclosing call, or null.</summary>
    private static string? TokenOf(SyntaxNode node, FixPlace place) => node.FirstAncestorOrSelf<MethodDeclarationSyntax>()?.ParameterList.Parameters
        .FirstOrDefault(each => KnownTypes.AreSame(place.Model.GetDeclaredSymbol(each)?.Type, place.Known?.CancellationToken))?.Identifier.Text;

    /// <summary>A discarded task, and the others of its method: in an async method the compiler warns of them.</summary>
    private static IEnumerable<ExpressionSyntax> AllDiscarded(ExpressionSyntax discarded, FixPlace place) => discarded
        .FirstAncestorOrSelf<MethodDeclarationSyntax>()!
        .DescendantNodes(ReturnedValues.IsOwn)
        .OfType<ExpressionStatementSyntax>()
        .Select(each => each.Expression)
        .Where(each => each is InvocationExpressionSyntax && AwaitPlace.Is(each) && (place.Known?.IsTask(place.Model.GetTypeInfo(each).Type) ?? false))
        .Append(discarded)
        .Distinct();

    /// <summary>The whole expression that starts a task; null if it is conditional, so that there may be no task.</summary>
    private static ExpressionSyntax? Discarded(SimpleNameSyntax name)
    {
        ExpressionSyntax whole = name;
        while (whole.Parent is MemberAccessExpressionSyntax or InvocationExpressionSyntax)
            whole = (ExpressionSyntax)whole.Parent;

        return whole.Parent is ExpressionStatementSyntax or ArrowExpressionClauseSyntax or ForStatementSyntax ? whole : null;
    }
}
