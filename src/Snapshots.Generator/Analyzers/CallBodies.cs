using System;
using System.Collections.Generic;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Containerd.Snapshots.Generator.Analyzers;

/// <summary>What is inside marked classes, for the rules that judge it. Which methods are calls, the shape says.</summary>
internal static class CallBodies
{
    /// <summary>Has operations judged that are directly in a call's method: lambdas and local functions may run elsewhere.</summary>
    public static void OnOperation(this AnalysisContext context, Action<OperationAnalysisContext, CallShape, KnownTypes> judge, params OperationKind[] kinds) =>
        context.OnSnapshotter((symbol, calls, known) => symbol.RegisterOperationAction(
            operation =>
            {
                if (calls.TryGetValue(operation.ContainingSymbol.Definition(), out var call) && operation.Operation.IsDirect())
                    judge(operation, call, known);
            },
            kinds));

    /// <summary>Has the bodies of calls' methods judged.</summary>
    public static void OnBody(this AnalysisContext context, Action<OperationBlockAnalysisContext, CallShape, KnownTypes> judge) =>
        context.OnSnapshotter((symbol, calls, known) => symbol.RegisterOperationBlockAction(block =>
        {
            if (calls.TryGetValue(block.OwningSymbol.Definition(), out var call))
                judge(block, call, known);
        }));

    /// <summary>Has operations judged that are anywhere in a marked class.</summary>
    public static void OnOperationAnywhere(this AnalysisContext context, Action<OperationAnalysisContext, KnownTypes> judge, params OperationKind[] kinds) =>
        context.OnSnapshotter((symbol, _, known) => symbol.RegisterOperationAction(
            operation =>
            {
                if (SymbolEqualityComparer.Default.Equals(operation.ContainingSymbol.ContainingType, symbol.Symbol))
                    judge(operation, known);
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

    /// <summary>The whole body that an operation is in.</summary>
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

    /// <summary>A partial method's declaration, which the shape is made of, in place of its body.</summary>
    private static ISymbol Definition(this ISymbol symbol) => (symbol as IMethodSymbol)?.PartialDefinitionPart ?? symbol;
}
