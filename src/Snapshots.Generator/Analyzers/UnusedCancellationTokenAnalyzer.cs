using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Containerd.Snapshots.Generator.Cancellation;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.Analyzers;

/// <summary>
/// Reports a call that changes snapshots but never uses its cancellation token, or waits for a helper that the token does not
/// reach.
/// </summary>
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
        context.OnBodies(Read, Report);
    }

    private static Body? Read(OperationBlockAnalysisContext context, CallShape? call, KnownTypes known)
    {
        var method = (IMethodSymbol)context.OwningSymbol;
        if (call is null)
            return HelperGap.LacksToken(method, context.OperationBlocks, known) ? new(method) : null;

        var tokens = method.Parameters.Where(parameter => call.Arguments[parameter.Ordinal] == CallTable.CancellationToken).ToList();
        if (tokens.Count == 0 || !call.Call.ChangesState)
            return null;

        if (!method.IsAsync || tokens.Any(token => Uses(context.OperationBlocks, token)))
            return new(method) { Token = tokens[0].Name, Gaps = [.. HelperGap.In(context.OperationBlocks, method, known)] };

        if (Awaits(context.OperationBlocks))
            context.ReportDiagnostic(New(tokens[0].Locations[0], tokens[0].Name, $"is never used in '{method.Name}'", "pass it to what is awaited, or remove it"));

        return null;
    }

    private static void Report(SymbolAnalysisContext context, IReadOnlyCollection<Body> bodies)
    {
        var helpers = new HashSet<ISymbol>(bodies.Where(each => each.Token is null).Select(each => each.Method), SymbolEqualityComparer.Default);

        foreach (var (token, gap) in bodies.SelectMany(body => body.Gaps.Select(gap => (body.Token, gap))).Where(each => helpers.Contains(each.gap.Helper)))
            context.ReportDiagnostic(New(gap.Place, token!, $"does not reach '{gap.Helper.Name}'", $"add a CancellationToken to '{gap.Helper.Name}', and pass it on"));
    }

    private static Diagnostic New(Location place, string token, string problem, string better) =>
        Diagnostic.Create(Rule.UnusedCancellationToken, place, token, problem, better);

    /// <summary>Without an await there is nothing to pass the token to: the method is a stub, or completes at once.</summary>
    private static bool Awaits(ImmutableArray<IOperation> blocks) => blocks.Any(block => block.Descendants().Any(each =>
        each is IAwaitOperation or IForEachLoopOperation { IsAsynchronous: true } or IUsingOperation { IsAsynchronous: true } or IUsingDeclarationOperation { IsAsynchronous: true }));

    private static bool Uses(ImmutableArray<IOperation> blocks, IParameterSymbol token) => blocks.Any(block => block.Descendants().Any(each =>
        each is IParameterReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Parameter, token)));

    /// <summary>A call and the helpers that it waits for without its token, or a helper that lacks a token.</summary>
    private sealed record Body(IMethodSymbol Method)
    {
        /// <summary>The name of the call's token; null for a helper.</summary>
        public string? Token { get; init; }

        public ImmutableArray<HelperGap> Gaps { get; init; } = [];
    }
}
