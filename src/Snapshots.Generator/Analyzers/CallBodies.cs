using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using Containerd.Snapshots.Generator.Operations;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Containerd.Snapshots.Generator.Analyzers;

/// <summary>Registers analyses of the code inside marked classes. The shape decides which methods are calls.</summary>
internal static class CallBodies
{
    /// <summary>Analyzes operations directly in a call's method; lambdas and local functions may run elsewhere.</summary>
    public static void OnOperation(this AnalysisContext context, Action<OperationAnalysisContext, CallShape, KnownTypes> analyze, params OperationKind[] kinds) =>
        context.OnOperationInside(
            (operation, call, known) =>
            {
                if (operation.Operation.IsDirect())
                    analyze(operation, call, known);
            },
            kinds);

    /// <summary>Analyzes operations in a call's method, and in the lambdas and local functions inside it.</summary>
    public static void OnOperationInside(this AnalysisContext context, Action<OperationAnalysisContext, CallShape, KnownTypes> analyze, params OperationKind[] kinds) =>
        context.OnSnapshotter((symbol, calls, known) => symbol.RegisterOperationAction(
            operation =>
            {
                if (calls.Find(operation.ContainingSymbol) is { } call)
                    analyze(operation, call, known);
            },
            kinds));

    /// <summary>Analyzes the bodies of calls' methods.</summary>
    public static void OnBody(this AnalysisContext context, Action<OperationBlockAnalysisContext, CallShape, KnownTypes> analyze) =>
        context.OnSnapshotter((symbol, calls, known) => symbol.RegisterOperationBlockAction(block =>
        {
            if (calls.Find(block.OwningSymbol) is { } call)
                analyze(block, call, known);
        }));

    /// <summary>Reads each method of a marked class, and then reports what the methods together show.</summary>
    public static void OnBodies<T>(
        this AnalysisContext context, Func<OperationBlockAnalysisContext, CallShape?, KnownTypes, T?> read, Action<SymbolAnalysisContext, IReadOnlyCollection<T>> report)
        where T : class => context.OnSnapshotter((symbol, calls, known) =>
        {
            var findings = new ConcurrentQueue<T>();
            symbol.RegisterOperationBlockAction(block =>
            {
                if (block.OwningSymbol is IMethodSymbol && IsIn(block.OwningSymbol, symbol) && read(block, calls.Find(block.OwningSymbol), known) is { } finding)
                    findings.Enqueue(finding);
            });
            symbol.RegisterSymbolEndAction(end => report(end, findings));
        });

    /// <summary>Analyzes operations anywhere in a marked class.</summary>
    public static void OnOperationAnywhere(this AnalysisContext context, Action<OperationAnalysisContext, KnownTypes> analyze, params OperationKind[] kinds) =>
        context.OnSnapshotter((symbol, _, known) => symbol.RegisterOperationAction(
            operation =>
            {
                if (IsIn(operation.ContainingSymbol, symbol))
                    analyze(operation, known);
            },
            kinds));

    private static bool IsIn(ISymbol member, SymbolStartAnalysisContext type) =>
        SymbolEqualityComparer.Default.Equals(member.ContainingType, type.Symbol);

    private static void OnSnapshotter(
        this AnalysisContext context, Action<SymbolStartAnalysisContext, CallMethods, KnownTypes> register) =>
        context.RegisterCompilationStartAction(start =>
        {
            if (KnownTypes.In(start.Compilation) is not { } known)
                return;

            start.RegisterSymbolStartAction(
                symbol =>
                {
                    if (symbol.Symbol is INamedTypeSymbol { TypeKind: TypeKind.Class } type && known.IsMarked(type))
                        register(symbol, CallMethods.Of(type, known, symbol.CancellationToken), known);
                },
                SymbolKind.NamedType);
        });
}
