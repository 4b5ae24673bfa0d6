using System.Collections.Generic;
using System.Linq;
using Containerd.Snapshots.Generator.Analyzers;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Generator.CodeFixes.Returns;

/// <summary>A place that blocks until a task ends.</summary>
/// <param name="Task">The task.</param>
/// <param name="Whole">The whole expression that waits for it.</param>
internal sealed record Wait(ExpressionSyntax Task, ExpressionSyntax Whole)
{
    /// <summary>The place with a member's name; null if it has a timeout, or is conditional.</summary>
    public static Wait? At(SimpleNameSyntax name) => name switch
    {
        { Identifier.ValueText: "Result", Parent: MemberAccessExpressionSyntax result } => new(result.Expression, result),
        { Identifier.ValueText: "Wait", Parent: MemberAccessExpressionSyntax wait } when Called(name) is { ArgumentList.Arguments.Count: 0 } whole => new(wait.Expression, whole),
        { Identifier.ValueText: "GetResult", Parent: MemberAccessExpressionSyntax { Expression: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax awaiter } } }
            when awaiter.Name.Identifier.ValueText == "GetAwaiter" && Called(name) is { } whole => new(awaiter.Expression, whole),
        _ => null,
    };

    /// <summary>The places in a method where it could await a task.</summary>
    public static IEnumerable<Wait> In(MethodDeclarationSyntax method, FixPlace place) => method.DescendantNodes(ReturnedValues.IsOwn)
        .OfType<SimpleNameSyntax>()
        .Where(AwaitPlace.Is)
        .Select(At)
        .OfType<Wait>()
        .Where(each => !each.BeginsWithAnother && (place.Known?.IsTask(place.Model.GetTypeInfo(each.Task).Type) ?? false));

    /// <summary>The invocation of a name, or null.</summary>
    public static InvocationExpressionSyntax? Called(SimpleNameSyntax name) =>
        (name.Parent is MemberAccessExpressionSyntax access ? access.Parent : name.Parent) as InvocationExpressionSyntax;

    /// <summary>Whether an expression binds to what follows, so that an await in its place needs parentheses.</summary>
    public static bool IsPart(ExpressionSyntax whole) =>
        whole.Parent is MemberAccessExpressionSyntax or ElementAccessExpressionSyntax or ConditionalAccessExpressionSyntax or InvocationExpressionSyntax
        || whole.Parent.IsKind(SyntaxKind.SuppressNullableWarningExpression);

    /// <summary>Whether the task comes from another that is waited for; that one is awaited first.</summary>
    public bool BeginsWithAnother => Task.DescendantNodesAndSelf()
        .OfType<MemberAccessExpressionSyntax>()
        .Any(each => each.SpanStart == Task.SpanStart && each.Name.Identifier.ValueText is "Result" or "GetResult");

    /// <summary>Awaits the task.</summary>
    public void Await(DocumentEdit edit)
    {
        var isPart = IsPart(Whole);
        edit.Insert(Task.SpanStart, isPart ? "(await " : "await ");
        edit.Replace(TextSpan.FromBounds(Task.Span.End, Whole.Span.End), isPart ? ")" : "");
    }
}
