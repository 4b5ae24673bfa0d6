using System.Collections.Generic;
using System.Linq;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.CodeFixes.Returns;

/// <summary>Turns a <c>bool</c> that says whether a call succeeded into a <c>SnapshotResult</c>.</summary>
internal sealed class Outcome(SnapshotterCall call, KnownTypes known, DocumentEdit edit)
{
    private const string Error = "Containerd.Snapshots.SnapshotterError";

    /// <summary>Whether all returned values say that the call succeeded.</summary>
    public static bool IsAlwaysSuccess(IEnumerable<MethodDeclarationSyntax> parts, FixPlace place) => parts.SelectMany(ReturnedValues.In)
        .Select(each => TaskValue.In(each, place)?.Value ?? each)
        .All(each => each.Kind() is SyntaxKind.TrueLiteralExpression or SyntaxKind.NullLiteralExpression || each is LiteralExpressionSyntax { Token.Value: 0 });

    /// <summary>Whether each returned value is one that can be turned.</summary>
    public static bool CanTurn(IEnumerable<MethodDeclarationSyntax> parts, KnownTypes known, FixPlace place) => parts.SelectMany(ReturnedValues.In)
        .All(each => place.Model.GetTypeInfo(each).Type is { } type && (IsBool(type, known) || KnownTypes.AreSame(type, known.Result)));

    /// <summary>Turns the values that a method returns; awaits the tasks that it returns if they hold the values.</summary>
    public void Turn(MethodDeclarationSyntax method)
    {
        var values = ReturnedValues.In(method).ToList();
        var mustAwait = values.Exists(each => IsTask(each) && TaskValue.In(each, edit.Place) is null);
        if (mustAwait)
            AsyncMethod.AddModifier(method, edit);

        foreach (var value in values)
            Turn(value, mustAwait);
    }

    private void Turn(ExpressionSyntax value, bool mustAwait)
    {
        if (KnownTypes.AreSame(TypeOf(value), known.Result))
            return;

        if (!IsTask(value))
        {
            Turn(value);
        }
        else if (TaskValue.In(value, edit.Place) is { } made)
        {
            Turn(made.Value);
            if (mustAwait)
                made.Unwrap(edit);
            else if (made.Task is ObjectCreationExpressionSyntax { Type: var type } && known.ValueTaskOfT is INamedTypeSymbol task)
                edit.Replace(type.Span, edit.NameOf(task.Construct(known.Result!), type.SpanStart));
        }
        else
        {
            edit.Insert(value.SpanStart, "await ");
            edit.Insert(value.Span.End, $" ? {Success(value)} : {Failure(value)}");
        }
    }

    private void Turn(ExpressionSyntax value)
    {
        switch (value.Kind())
        {
            case SyntaxKind.TrueLiteralExpression:
                edit.Replace(value.Span, Success(value));
                break;
            case SyntaxKind.FalseLiteralExpression:
                edit.Replace(value.Span, Failure(value));
                break;
            default:
                var isWeak = value is AssignmentExpressionSyntax or ConditionalExpressionSyntax or AnonymousFunctionExpressionSyntax;
                edit.Insert(value.SpanStart, isWeak ? "(" : "");
                edit.Insert(value.Span.End, $"{(isWeak ? ")" : "")} ? {Success(value)} : {Failure(value)}");
                break;
        }
    }

    private string Success(SyntaxNode at) => $"{edit.NameOf(known.Result!, at.SpanStart)}.Success";

    private string Failure(SyntaxNode at)
    {
        var error = edit.Place.Model.Compilation.GetTypeByMetadataName(Error)!;
        return $"{edit.NameOf(known.Result!, at.SpanStart)}.Failure({edit.NameOf(error, at.SpanStart)}.Unknown, \"{call.Name} failed\")";
    }

    private ITypeSymbol? TypeOf(ExpressionSyntax value) => edit.Place.Model.GetTypeInfo(value) is var type ? type.Type ?? type.ConvertedType : null;

    private bool IsTask(ExpressionSyntax value) => known.IsTask(TypeOf(value));

    private static bool IsBool(ITypeSymbol type, KnownTypes known) => type.SpecialType == SpecialType.System_Boolean
        || (type is INamedTypeSymbol { TypeArguments: [{ SpecialType: SpecialType.System_Boolean }] } && known.IsTask(type));
}
