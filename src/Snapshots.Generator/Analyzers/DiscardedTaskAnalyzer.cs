using System.Collections.Immutable;
using System.Linq;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.Analyzers;

/// <summary>Reports a call that starts work but does not wait for it, so that its error is lost.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DiscardedTaskAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule.DiscardedTask];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.OnOperation(Analyze, OperationKind.ExpressionStatement);
    }

    private static void Analyze(OperationAnalysisContext context, CallShape call, KnownTypes _)
    {
        var value = ((IExpressionStatementOperation)context.Operation).Operation;
        if (Invoked(value) is not { } invoked || !CanBeAwaited(invoked) || IsReportedByCompiler(value, (IMethodSymbol)context.ContainingSymbol))
            return;

        var name = MemberName.In(Configured(invoked).Syntax);
        context.ReportDiagnostic(Diagnostic.Create(Rule.DiscardedTask, name.GetLocation(), call.Method.Name, name.ToString()));
    }

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
