using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Containerd.Snapshots.Generator.Analyzers;
using Containerd.Snapshots.Generator.Cancellation;
using Containerd.Snapshots.Generator.CodeFixes.Awaiting;
using Containerd.Snapshots.Generator.CodeFixes.Cancellation;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.CodeFixes.Returns;
using Containerd.Snapshots.Generator.Operations;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Generator.CodeFixes.Fixes;

/// <summary>Awaits a task that an async call blocks on, and a task that a call discards; for the latter the call becomes async.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AwaitFixProvider)), Shared]
public sealed class AwaitFixProvider : EditFixProvider
{
    private const string Kind = "Await";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rule.BlockingCall.Id, Rule.DiscardedTask.Id];

    private protected override IEnumerable<Offer> Offers(FixPlace place, Diagnostic diagnostic)
    {
        if (place.Root.FindToken(diagnostic.Location.SourceSpan.Start).Parent is not SimpleNameSyntax name || !AwaitPlace.Is(name))
            return [];

        if (diagnostic.Id == Rule.DiscardedTask.Id)
            return Discarded(name) is { } discarded && !IsVoid(discarded, place) && AsyncMethod.At(diagnostic, place) is { } method ? [Awaiting(discarded, discarded, diagnostic, place, method)] : [];

        if (!IsInAsync(name))
            return [];

        if (diagnostic.Properties.TryGetValue(FlawProperty.Name, out var better) && better is not null)
            return Replacing(name, better, place);

        if (name.Identifier.ValueText == "Sleep")
            return Called(name) is { } sleep ? [Delaying(sleep, diagnostic, place)] : [];

        return Waiting(name) is var (task, whole) && CanBeAwaited(task, place) && !BeginsWithAnother(task) ? [Awaiting(task, whole, diagnostic, place)] : [];
    }

    private static bool IsVoid(ExpressionSyntax work, FixPlace place) => place.Model.GetTypeInfo(work).Type?.SpecialType == SpecialType.System_Void;

    private static bool IsInAsync(SyntaxNode node) =>
        node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { } method && method.Modifiers.Any(SyntaxKind.AsyncKeyword);

    private static IEnumerable<Offer> Replacing(SimpleNameSyntax name, string better, FixPlace place)
    {
        if (Called(name) is { } whole && AsyncTwin.Of(whole, name, better, TokenOf(whole, place), place.Model) is { } twin)
            yield return new($"{Kind}{better}", $"Await '{better}'", edit => edit.Replace(whole.Span, IsPart(whole) ? $"(await {twin})" : $"await {twin}"));
    }

    /// <summary>Whether what is waited for is a task, and not a signal.</summary>
    private static bool CanBeAwaited(ExpressionSyntax task, FixPlace place) => TypeName.IsTask(place.Model.GetTypeInfo(task).Type)
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

    private static Offer Awaiting(ExpressionSyntax task, ExpressionSyntax whole, Diagnostic diagnostic, FixPlace place, AsyncMethod? method = null)
    {
        var gaps = TokenPassing.Gaps(task, place);
        var token = TokenOf(task, place);
        var missing = gaps.Count > 0 && token is null ? MissingToken.At(diagnostic, place) : null;

        return Offering(method is null ? "Await the task" : "Make the call async and await the task", missing, edit =>
        {
            method?.Write(edit);
            Await(task, whole, edit);
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

    /// <summary>The task, and the whole expression that waits for it; null if that has a timeout, or is conditional.</summary>
    private static (ExpressionSyntax Task, ExpressionSyntax Whole)? Waiting(SimpleNameSyntax name) => name switch
    {
        { Identifier.ValueText: "Result", Parent: MemberAccessExpressionSyntax result } => (result.Expression, result),
        { Identifier.ValueText: "Wait", Parent: MemberAccessExpressionSyntax wait } when Called(name) is { ArgumentList.Arguments.Count: 0 } whole => (wait.Expression, whole),
        { Identifier.ValueText: "GetResult", Parent: MemberAccessExpressionSyntax { Expression: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax awaiter } } }
            when awaiter.Name.Identifier.ValueText == "GetAwaiter" && Called(name) is { } whole => (awaiter.Expression, whole),
        _ => null,
    };

    /// <summary>The whole expression that starts a task; null if it is conditional, so that there may be no task.</summary>
    private static ExpressionSyntax? Discarded(SimpleNameSyntax name)
    {
        ExpressionSyntax whole = name;
        while (whole.Parent is MemberAccessExpressionSyntax or InvocationExpressionSyntax)
            whole = (ExpressionSyntax)whole.Parent;

        return whole.Parent is ExpressionStatementSyntax or ArrowExpressionClauseSyntax or ForStatementSyntax ? whole : null;
    }

    private static InvocationExpressionSyntax? Called(SimpleNameSyntax name) =>
        (name.Parent is MemberAccessExpressionSyntax access ? access.Parent : name.Parent) as InvocationExpressionSyntax;

    /// <summary>Whether a task comes from another that is waited for; that one is awaited first.</summary>
    private static bool BeginsWithAnother(ExpressionSyntax task) => task.DescendantNodesAndSelf()
        .OfType<MemberAccessExpressionSyntax>()
        .Any(each => each.SpanStart == task.SpanStart && each.Name.Identifier.ValueText is "Result" or "GetResult");

    private static void Await(ExpressionSyntax task, ExpressionSyntax whole, DocumentEdit edit)
    {
        var isPart = IsPart(whole);

        edit.Insert(task.SpanStart, isPart ? "(await " : "await ");
        edit.Replace(TextSpan.FromBounds(task.Span.End, whole.Span.End), isPart ? ")" : "");
    }

    /// <summary>Whether an expression binds to what follows, so that an await in its place needs parentheses.</summary>
    private static bool IsPart(ExpressionSyntax whole) =>
        whole.Parent is MemberAccessExpressionSyntax or ElementAccessExpressionSyntax or ConditionalAccessExpressionSyntax or InvocationExpressionSyntax
        || whole.Parent.IsKind(SyntaxKind.SuppressNullableWarningExpression);
}
