using System.Collections.Immutable;
using Containerd.Snapshots.Generator.Operations;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Containerd.Snapshots.Generator.Analyzers;

/// <summary>Reports a call that blocks its thread while it waits for a task, a signal, another program or for time to pass.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BlockingCallAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule.BlockingCall];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.OnOperation(Analyze, OperationKind.PropertyReference, OperationKind.Invocation);
    }

    private static void Analyze(OperationAnalysisContext context, CallShape call, KnownTypes _)
    {
        if (BlockingWait.Of(context.Operation) is not { } wait || (wait.Task is { } task && KnownCompletion.Has(task)))
            return;

        var name = MemberName.In(context.Operation.Syntax);
        var properties = wait.Async is { } better ? FlawProperty.OfName(better) : ImmutableDictionary<string, string?>.Empty;
        context.ReportDiagnostic(Diagnostic.Create(Rule.BlockingCall, name.GetLocation(), properties, name.ToString(), call.Method.Name, wait.Better));
    }
}
