using System.Collections.Immutable;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Containerd.Snapshots.Generator.Analyzers;

/// <summary>Reports what is wrong with a class marked <c>[Snapshotter]</c>.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SnapshotterAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        Rule.StaticClass, Rule.AbstractClass, Rule.FileLocalClass, Rule.NotPartial, Rule.ContainingTypeNotPartial, Rule.OldLanguage, Rule.NoCalls,
        Rule.DefinedTwice, Rule.NotPublic, Rule.StaticCall, Rule.GenericCall, Rule.ConditionalCall, Rule.ExplicitCall, Rule.NotAMethod,
        Rule.ByReference, Rule.Params, Rule.UnknownParameter, Rule.WrongParameterType, Rule.TwoContexts, Rule.BothFilterForms,
        Rule.OutResult, Rule.RequestParameter, Rule.Callback, Rule.MissingKey,
        Rule.RefReturn, Rule.AsyncVoid, Rule.WrongReturnType, Rule.AmbiguousReturnType, Rule.NullableAnswer,
        Rule.LikelySlip, Rule.IncompleteCalls,
        Rule.TwoFallbacks, Rule.StaticFallback, Rule.UnreachableFallback, Rule.FallbackWithoutCalls, Rule.AmbiguousFallback,
        Rule.FallbackMisfit, Rule.UndisposedFallback,
    ];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (KnownTypes.In(start.Compilation) is { } known)
                start.RegisterSymbolAction(symbol => Analyze(symbol, known), SymbolKind.NamedType);
        });
    }

    private static void Analyze(SymbolAnalysisContext context, KnownTypes known)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.TypeKind != TypeKind.Class || !known.IsMarked(type))
            return;

        foreach (var flaw in SnapshotterShape.Of(type, known, context.CancellationToken).Flaws)
            context.ReportDiagnostic(flaw.ToDiagnostic());
    }
}
