using System.Collections.Immutable;
using System.Linq;
using Containerd.Snapshots.Generator.Cancellation;
using Containerd.Snapshots.Generator.Operations;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

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

        var gap = context.OperationBlocks.SelectMany(block => TokenGap.In(block, known)).FirstOrDefault(each => each.Operation.IsWaitedFor());
        if (gap is not null)
            context.ReportDiagnostic(Diagnostic.Create(Rule.MissingCancellationToken, method.Locations[0], method.Name, gap.Name));
    }
}
