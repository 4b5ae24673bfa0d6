using System.Collections.Generic;
using System.Linq;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.CodeFixes.Returns;

/// <summary>Makes a call return a <c>SnapshotResult</c> where it throws a <c>SnapshotterException</c>.</summary>
internal sealed class ResultReturning
{
    private const string Exception = "Containerd.Snapshots.SnapshotterException";

    private readonly MethodDeclarationSyntax _method;
    private readonly List<Failure> _failures;
    private readonly ITypeSymbol? _payload;
    private readonly bool _isAsync;

    private ResultReturning(MethodDeclarationSyntax method, List<Failure> failures, ITypeSymbol? payload, bool isAsync) =>
        (_method, _failures, _payload, _isAsync) = (method, failures, payload, isAsync);

    /// <summary>What a call can return in place of exceptions; null if it throws none, or must return something else.</summary>
    public static ResultReturning? Of(MethodDeclarationSyntax method, CallShape call, FixPlace place)
    {
        var isAsync = method.Modifiers.Any(SyntaxKind.AsyncKeyword);
        var type = call.Method.ReturnType as INamedTypeSymbol;
        if (place.Known is not { } known || type is null || ReturnedValues.AreYielded(method) || known.IsTask(type) != isAsync)
            return null;

        var payload = isAsync ? type.TypeArguments.FirstOrDefault() : type.SpecialType == SpecialType.System_Void ? null : type;
        if (KnownTypes.AreSame(payload?.OriginalDefinition, known.Result) || KnownTypes.AreSame(payload?.OriginalDefinition, known.ResultOfT) || call.Reply.Form == ReplyForm.AsyncInfos)
            return null;

        var failures = method.DescendantNodes(ReturnedValues.IsOwn).Select(each => Failure.In(each, place.Model)).OfType<Failure>().ToList();
        return failures.Count > 0 ? new(method, failures, payload, isAsync) : null;
    }

    public void Write(KnownTypes known, DocumentEdit edit)
    {
        edit.Replace(_method.ReturnType.Span, edit.NameOf(Type(known), _method.ReturnType.SpanStart));
        foreach (var failure in _failures)
            failure.Write(edit.NameOf(known.Result!, failure.Thrown.SpanStart), edit);

        if (_payload is null)
            Succeed(known, edit);
        else if (_payload.TypeKind == TypeKind.Interface)
            Wrap(_payload, known, edit);
    }

    private ITypeSymbol Type(KnownTypes known)
    {
        var result = _payload is null ? known.Result! : ((INamedTypeSymbol)known.ResultOfT!).Construct([_payload], [_payload.NullableAnnotation]);
        if (!_isAsync)
            return result;

        var isValueTask = _method.ReturnType.ToString().Contains("ValueTask");
        return ((INamedTypeSymbol)(isValueTask ? known.ValueTaskOfT! : known.TaskOfT!)).Construct(result);
    }

    /// <summary>Returns success where the method returned nothing.</summary>
    private void Succeed(KnownTypes known, DocumentEdit edit)
    {
        var success = $"{edit.NameOf(known.Result!, _method.SpanStart)}.Success";
        foreach (var returning in _method.DescendantNodes(ReturnedValues.IsOwn).OfType<ReturnStatementSyntax>())
            edit.Insert(returning.ReturnKeyword.Span.End, $" {success}");

        if (_method.Body is not { } body || edit.Place.Model.AnalyzeControlFlow(body) is not { EndPointIsReachable: true })
            return;

        var indentation = body.Statements.LastOrDefault() is { } last && Indentation.IsBefore(last) ? Indentation.Of(last) : null;
        if (indentation is null)
            edit.Insert(body.CloseBraceToken.SpanStart, $"return {success}; ");
        else
            edit.Insert(edit.Place.Root.GetText().Lines.GetLineFromPosition(body.CloseBraceToken.SpanStart).Start, $"{indentation}return {success};{NewLine.Of(edit.Place.Root)}");
    }

    /// <summary>Values of interfaces do not convert to a result.</summary>
    private void Wrap(ITypeSymbol payload, KnownTypes known, DocumentEdit edit)
    {
        foreach (var value in ReturnedValues.In(_method).Where(each => !_failures.Exists(failure => each.Span.Contains(failure.Thrown.Span))))
        {
            edit.Insert(value.SpanStart, $"{edit.NameOf(known.Result!, value.SpanStart)}.Of<{edit.NameOf(payload, value.SpanStart)}>(");
            edit.Insert(value.Span.End, ")");
        }
    }

    /// <summary>A place that throws.</summary>
    /// <param name="Throw">The keyword.</param>
    /// <param name="Thrown">What is thrown.</param>
    private sealed record Failure(SyntaxToken Throw, ExpressionSyntax Thrown)
    {
        public static Failure? In(SyntaxNode node, SemanticModel model)
        {
            if (node.Ancestors().TakeWhile(each => each is not MethodDeclarationSyntax).Any(each => each is TryStatementSyntax))
                return null; // It may be caught.

            return node switch
            {
                ThrowStatementSyntax { Expression: { } thrown } statement when IsMade(thrown, model) => new(statement.ThrowKeyword, thrown),
                ThrowExpressionSyntax { Parent: ArrowExpressionClauseSyntax or ConditionalExpressionSyntax { Parent: ArrowExpressionClauseSyntax or ReturnStatementSyntax } } expression
                    when IsMade(expression.Expression, model) => new(expression.ThrowKeyword, expression.Expression),
                _ => null,
            };
        }

        public void Write(string result, DocumentEdit edit)
        {
            if (Throw.Parent is ThrowStatementSyntax)
                edit.Replace(Throw.Span, "return");
            else
                edit.RemoveWord(Throw);

            if (Thrown is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax factory })
                edit.Replace(factory.Expression.Span, result);
            else if (Thrown is BaseObjectCreationExpressionSyntax { ArgumentList: { } arguments })
                edit.Replace(new(Thrown.SpanStart, arguments.SpanStart - Thrown.SpanStart), $"{result}.Failure");
        }

        /// <summary>Whether an expression makes an exception of which a result can be made, too: without a cause.</summary>
        private static bool IsMade(ExpressionSyntax thrown, SemanticModel model) =>
            KnownTypes.AreSame(model.GetTypeInfo(thrown).Type, model.Compilation.GetTypeByMetadataName(Exception))
            && (thrown is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax }
                || thrown is BaseObjectCreationExpressionSyntax { ArgumentList.Arguments.Count: 2, Initializer: null } && model.GetSymbolInfo(thrown).Symbol is IMethodSymbol { Parameters.Length: 3 });
    }
}
