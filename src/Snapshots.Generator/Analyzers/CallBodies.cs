using System;
using System.Collections.Generic;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Containerd.Snapshots.Generator.Analyzers;

/// <summary>Registers analyses of the code inside marked classes. The shape decides which methods are calls.</summary>
internal static class CallBodies
{
    /// <summary>Analyzes operations directly in a call's method; lambdas and local functions may run elsewhere.</summary>
    public static void OnOperation(this AnalysisContext context, Action<OperationAnalysisContext, CallShape, KnownTypes> analyze, params OperationKind[] kinds) =>
        context.OnSnapshotter((symbol, calls, known) => symbol.RegisterOperationAction(
            operation =>
            {
                if (calls.TryGetValue(operation.ContainingSymbol.Definition(), out var call) && operation.Operation.IsDirect())
                    analyze(operation, call, known);
            },
            kinds));

    /// <summary>Analyzes the bodies of calls' methods.</summary>
    public static void OnBody(this AnalysisContext context, Action<OperationBlockAnalysisContext, CallShape, KnownTypes> analyze) =>
        context.OnSnapshotter((symbol, calls, known) => symbol.RegisterOperationBlockAction(block =>
        {
            if (calls.TryGetValue(block.OwningSymbol.Definition(), out var call))
                analyze(block, call, known);
        }));

    /// <summary>Analyzes operations anywhere in a marked class.</summary>
    public static void OnOperationAnywhere(this AnalysisContext context, Action<OperationAnalysisContext, KnownTypes> analyze, params OperationKind[] kinds) =>
        context.OnSnapshotter((symbol, _, known) => symbol.RegisterOperationAction(
            operation =>
            {
                if (SymbolEqualityComparer.Default.Equals(operation.ContainingSymbol.ContainingType, symbol.Symbol))
                    analyze(operation, known);
            },
            kinds));

    /// <summary>Whether an operation is in a method's own code, not in a lambda or local function.</summary>
    public static bool IsDirect(this IOperation operation)
    {
        for (var each = operation.Parent; each is not null; each = each.Parent)
        {
            if (each.Kind is OperationKind.AnonymousFunction or OperationKind.LocalFunction)
                return false;
        }

        return true;
    }

    /// <summary>The whole body that contains an operation.</summary>
    public static IOperation Body(this IOperation operation)
    {
        var body = operation;
        while (body.Parent is { } parent)
            body = parent;

        return body;
    }

    private static void OnSnapshotter(
        this AnalysisContext context, Action<SymbolStartAnalysisContext, Dictionary<ISymbol, CallShape>, KnownTypes> register) =>
        context.RegisterCompilationStartAction(start =>
        {
            if (KnownTypes.In(start.Compilation) is not { } known)
                return;

            start.RegisterSymbolStartAction(
                symbol =>
                {
                    if (symbol.Symbol is INamedTypeSymbol { TypeKind: TypeKind.Class } type && known.IsMarked(type))
                        register(symbol, Calls(SnapshotterShape.Of(type, known, symbol.CancellationToken)), known);
                },
                SymbolKind.NamedType);
        });

    private static Dictionary<ISymbol, CallShape> Calls(SnapshotterShape shape)
    {
        var calls = new Dictionary<ISymbol, CallShape>(SymbolEqualityComparer.Default);
        foreach (var call in shape.Calls)
            calls[call.Method.Definition()] = call;

        return calls;
    }

    /// <summary>The definition of a partial method for its implementation: the shape holds definitions.</summary>
    private static ISymbol Definition(this ISymbol symbol) => (symbol as IMethodSymbol)?.PartialDefinitionPart ?? symbol;
}
