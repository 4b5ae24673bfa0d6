using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Containerd.Snapshots.Generator.Operations;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.Analyzers;

/// <summary>
/// Says how to make a result of a value that does not convert to it: C# has no user-defined conversions from interfaces, and
/// none from collection expressions. The compiler reports the error itself, but not what to write.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnconvertedResultAnalyzer : DiagnosticAnalyzer
{
    private const int LongestText = 60;

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule.UnconvertedResult];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.OnOperationAnywhere(Analyze, OperationKind.Return, OperationKind.VariableInitializer);
    }

    private static void Analyze(OperationAnalysisContext context, KnownTypes known)
    {
        if (Conversion(context, known) is not ({ Syntax: ExpressionSyntax whole, SemanticModel: { } model }, { } target) || !IsResult(known.WithoutTask(target), known))
            return;

        if (Converts(whole, target, model))
            return;

        foreach (var (value, type) in Values(whole, target, known))
        {
            if (IsResult(type, known) && !Converts(value, type, model) && IsPayload(value, PayloadOf(type), model))
                Report(context, value, type, model);
        }
    }

    /// <summary>The value that an operation converts, and the type that it needs.</summary>
    private static (IOperation? Value, ITypeSymbol? Type) Conversion(OperationAnalysisContext context, KnownTypes known) => context.Operation switch
    {
        IReturnOperation { Kind: OperationKind.Return } returned when (returned.Function() ?? context.ContainingSymbol) is IMethodSymbol function =>
            (returned.ReturnedValue?.WithoutConversions(), function.IsAsync ? known.WithoutTask(function.ReturnType) : function.ReturnType),
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } initializer => (initializer.Value.WithoutConversions(), declarator.Symbol.Type),
        _ => default,
    };

    /// <summary>The values that an expression chooses from, and what each must convert to; that of a completed task is its argument.</summary>
    private static IEnumerable<(ExpressionSyntax Value, ITypeSymbol Type)> Values(ExpressionSyntax whole, ITypeSymbol type, KnownTypes known) => whole switch
    {
        ParenthesizedExpressionSyntax inner => Values(inner.Expression, type, known),
        ConditionalExpressionSyntax choice => Values(choice.WhenTrue, type, known).Concat(Values(choice.WhenFalse, type, known)),
        SwitchExpressionSyntax choice => choice.Arms.SelectMany(arm => Values(arm.Expression, type, known)),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: IdentifierNameSyntax { Identifier.ValueText: "FromResult" } }, ArgumentList.Arguments: [var argument] } =>
            Values(argument.Expression, known.WithoutTask(type), known),
        _ => [(whole, type)],
    };

    private static bool IsResult(ITypeSymbol type, KnownTypes known) => KnownTypes.AreSame(type.OriginalDefinition, known.ResultOfT);

    // The model does not classify a collection expression where it fits nothing. It never fits a result.
    private static bool Converts(ExpressionSyntax value, ITypeSymbol type, SemanticModel model) =>
        value is not CollectionExpressionSyntax && model.ClassifyConversion(value, type).IsImplicit;

    private static bool IsPayload(ExpressionSyntax value, ITypeSymbol payload, SemanticModel model) =>
        value is CollectionExpressionSyntax || model.ClassifyConversion(value, payload).IsImplicit;

    private static ITypeSymbol PayloadOf(ITypeSymbol result) => ((INamedTypeSymbol)result).TypeArguments[0];

    private static void Report(OperationAnalysisContext context, ExpressionSyntax value, ITypeSymbol result, SemanticModel model)
    {
        var type = model.GetTypeInfo(value).Type;
        var payload = KnownTypes.AreSame(type, PayloadOf(result)) ? null : PayloadOf(result);
        var text = value.ToString() is { Length: <= LongestText } whole && !whole.Contains("\n") ? whole : "...";

        context.ReportDiagnostic(Diagnostic.Create(
            Rule.UnconvertedResult,
            value.GetLocation(),
            FlawProperty.OfName(payload?.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) ?? ""),
            type is null ? text : TypeText.Of(type),
            TypeText.Of(result),
            $"SnapshotResult.Of{(payload is null ? "" : $"<{TypeText.Of(payload)}>")}({text})"));
    }
}
