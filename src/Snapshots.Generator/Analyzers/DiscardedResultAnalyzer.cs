using System.Collections.Immutable;
using Containerd.Snapshots.Generator.Operations;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.Analyzers;

/// <summary>Reports a call that ignores an error, because it does not use the result that has it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DiscardedResultAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule.DiscardedResult];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.OnOperationInside(Analyze, OperationKind.ExpressionStatement);
    }

    private static void Analyze(OperationAnalysisContext context, CallShape call, KnownTypes known)
    {
        if (Discarded((IExpressionStatementOperation)context.Operation, known) is not { } value || !known.IsResult(WithoutNullable(value.Type)))
            return;

        var name = MemberName.In(Made(value).Syntax);
        context.ReportDiagnostic(Diagnostic.Create(Rule.DiscardedResult, name.GetLocation(), call.Method.Name, name.ToString(), Advice(value, call, known)));
    }

    /// <summary>The value of a statement that does nothing with it. <c>_ =</c> says that this is meant, except for a new error.</summary>
    private static IOperation? Discarded(IExpressionStatementOperation statement, KnownTypes known) => statement.Operation switch
    {
        ISimpleAssignmentOperation { Target: IDiscardOperation, Value: var value } => IsNewError(value.WithoutConversions(), known) ? value.WithoutConversions() : null,
        IAssignmentOperation => null,
        var value => value,
    };

    private static bool IsNewError(IOperation value, KnownTypes known) =>
        value is IInvocationOperation { TargetMethod: { IsStatic: true, ContainingType: var type } } && KnownTypes.AreSame(type, known.Result);

    private static ITypeSymbol? WithoutNullable(ITypeSymbol? type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var value] } ? value : type;

    /// <summary>The operation that makes the result: a call, if it is known.</summary>
    private static IOperation Made(IOperation value) => value switch
    {
        IAwaitOperation awaited => Made(awaited.Operation),
        IConditionalAccessOperation access => Made(access.WhenNotNull),
        IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: { } task } => Made(task),
        _ => value,
    };

    private static string Advice(IOperation value, CallShape call, KnownTypes known)
    {
        if (!value.IsDirect())
            return "check its 'IsSuccess', and let the call return the error";

        if (call.Reply.Form == ReplyForm.AsyncInfos || call.Method.IsIterator)
            return "throw a SnapshotterException instead";

        var returned = known.WithoutTask(call.Method.ReturnType);
        if (!known.IsResult(returned))
            return $"return it, as '{ResultText.Of(call.Method.ReturnType, known)}'";

        return value.SemanticModel!.Compilation.ClassifyConversion(value.Type!, returned).IsImplicit ? "return it" : "check its 'IsSuccess', and return the error";
    }
}
