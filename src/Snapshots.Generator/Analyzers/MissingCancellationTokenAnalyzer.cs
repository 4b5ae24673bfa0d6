using System.Collections.Immutable;
using System.Linq;
using Containerd.Snapshots.Generator.Cancellation;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.Analyzers;

/// <summary>Reports a call that waits for cancelable work but takes no cancellation token.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MissingCancellationTokenAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule.MissingCancellationToken];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.OnBody(Analyze);
    }

    private static void Analyze(OperationBlockAnalysisContext context, CallShape call, KnownTypes known)
    {
        var method = (IMethodSymbol)context.OwningSymbol;
        if (call.Arguments.Contains(CallTable.CancellationToken) || !Signature.IsOwn(method))
            return;

        var gap = context.OperationBlocks.SelectMany(block => TokenGap.In(block, known)).FirstOrDefault(each => IsWaitedFor(each.Operation));
        if (gap is not null)
            context.ReportDiagnostic(Diagnostic.Create(Rule.MissingCancellationToken, method.Locations[0], method.Name, gap.Name));
    }

    /// <summary>Whether the method ends after the work, because it awaits or returns it.</summary>
    private static bool IsWaitedFor(IOperation work)
    {
        var each = work.Parent;
        while (each is IConversionOperation or IParenthesizedOperation or IConditionalOperation or ICoalesceOperation or IArgumentOperation
            or IArrayCreationOperation or IArrayInitializerOperation or ICollectionExpressionOperation
            or IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "AsTask" or "WaitAsync" or "WhenAll" or "WhenAny" })
        {
            each = each.Parent;
        }

        return each is IAwaitOperation or IReturnOperation or IForEachLoopOperation && work.IsDirect();
    }
}
