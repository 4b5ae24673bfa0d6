using System.Collections.Immutable;
using System.Linq;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.Analyzers;

/// <summary>Reports a call that starts work but does not wait for it, so that its error is lost.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DiscardedTaskAnalyzer : DiagnosticAnalyzer
{
    private const string ReturnTask = "return a Task from it, and await it";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule.DiscardedTask];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.OnOperation(AnalyzeStatement, OperationKind.ExpressionStatement);
        context.OnOperation(AnalyzeDelegate, OperationKind.DelegateCreation);
    }

    private static void AnalyzeStatement(OperationAnalysisContext context, CallShape call, KnownTypes _)
    {
        var value = ((IExpressionStatementOperation)context.Operation).Operation;
        if (Invoked(value) is not { } invoked)
            return;

        var name = MemberName.In(Configured(invoked).Syntax);
        if (IsAsyncVoid(invoked.TargetMethod))
            Report(context, call, name.GetLocation(), VoidMethod(invoked.TargetMethod), ReturnTask);
        else if (CanBeAwaited(invoked) && !IsReportedByCompiler(value, (IMethodSymbol)context.ContainingSymbol))
            Report(context, call, name.GetLocation(), $"'{name}'", "return the task, or await it in an async method");
    }

    /// <summary>A delegate that returns nothing makes an async lambda void. Handlers of events cannot return a task.</summary>
    private static void AnalyzeDelegate(OperationAnalysisContext context, CallShape call, KnownTypes _)
    {
        var created = (IDelegateCreationOperation)context.Operation;
        if (created.Parent is IEventAssignmentOperation)
            return;

        if (created.Target is IMethodReferenceOperation { Method: var method } && IsAsyncVoid(method))
            Report(context, call, created.Target.Syntax.GetLocation(), VoidMethod(method), ReturnTask);
        else if (created.Target is IAnonymousFunctionOperation { Symbol: var lambda, Syntax: AnonymousFunctionExpressionSyntax syntax } && IsAsyncVoid(lambda))
            Report(context, call, syntax.AsyncKeyword.GetLocation(), VoidLambda(created), "await the work in the call itself, or use a delegate that returns a Task");
    }

    private static void Report(OperationAnalysisContext context, CallShape call, Location place, string work, string better) =>
        context.ReportDiagnostic(Diagnostic.Create(Rule.DiscardedTask, place, call.Method.Name, work, better));

    private static string VoidMethod(IMethodSymbol method) => $"'{method.Name}', which is async void";

    private static string VoidLambda(IDelegateCreationOperation created) => $"an async lambda, because '{TypeText.Of(created.Type!)}' returns no task";

    private static bool IsAsyncVoid(IMethodSymbol method) => method is { IsAsync: true, ReturnsVoid: true };

    private static IInvocationOperation? Invoked(IOperation value) => value switch
    {
        IConditionalAccessOperation access => Invoked(access.WhenNotNull),
        _ => value as IInvocationOperation,
    };

    private static IInvocationOperation Configured(IInvocationOperation invocation) =>
        invocation is { TargetMethod.Name: "ConfigureAwait", Instance: IInvocationOperation task } ? task : invocation;

    private static bool CanBeAwaited(IInvocationOperation invocation) => invocation is { Type: { } type, SemanticModel: { } model }
        && model.LookupSymbols(invocation.Syntax.SpanStart, type, "GetAwaiter").Any(each => each is IMethodSymbol { IsStatic: false, Parameters.IsEmpty: true });

    /// <summary>
    /// Whether the compiler reports CS4014: where an async method could await the value, and wherever an async method of the
    /// project is called; never after <c>?.</c>
    /// </summary>
    private static bool IsReportedByCompiler(IOperation value, IMethodSymbol method) => value is IInvocationOperation { TargetMethod: var called }
        && (called.IsAsync || (method.IsAsync && AwaitPlace.Is(value.Syntax)));
}
