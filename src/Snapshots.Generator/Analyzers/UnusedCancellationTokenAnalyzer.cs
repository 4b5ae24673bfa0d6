using System.Collections.Immutable;
using System.Linq;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.Analyzers;

/// <summary>Reports an async call that changes snapshots but never uses its cancellation token.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnusedCancellationTokenAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule.UnusedCancellationToken];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.OnBody(Analyze);
    }

    private static void Analyze(OperationBlockAnalysisContext context, CallShape call, KnownTypes _)
    {
        var method = (IMethodSymbol)context.OwningSymbol;
        if (!method.IsAsync || !call.Call.ChangesState)
            return;

        var tokens = method.Parameters.Where(parameter => call.Arguments[parameter.Ordinal] == CallTable.CancellationToken).ToList();
        if (tokens.Count == 0 || !Awaits(context.OperationBlocks) || tokens.Any(token => Uses(context.OperationBlocks, token)))
            return;

        context.ReportDiagnostic(Diagnostic.Create(Rule.UnusedCancellationToken, tokens[0].Locations[0], tokens[0].Name, method.Name));
    }

    /// <summary>Without an await there is nothing to pass the token to: the method is a stub, or completes at once.</summary>
    private static bool Awaits(ImmutableArray<IOperation> blocks) => blocks.Any(block => block.Descendants().Any(each =>
        each is IAwaitOperation or IForEachLoopOperation { IsAsynchronous: true } or IUsingOperation { IsAsynchronous: true } or IUsingDeclarationOperation { IsAsynchronous: true }));

    private static bool Uses(ImmutableArray<IOperation> blocks, IParameterSymbol token) => blocks.Any(block => block.Descendants().Any(each =>
        each is IParameterReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Parameter, token)));
}
