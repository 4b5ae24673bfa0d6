using System.Collections.Immutable;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.Analyzers;

/// <summary>Reports a call that throws an exception of .NET although containerd has an error of that meaning.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnknownErrorAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule.UnknownError];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.OnOperation(Analyze, OperationKind.Throw);
    }

    private static void Analyze(OperationAnalysisContext context, CallShape call, KnownTypes _)
    {
        var thrown = ((IThrowOperation)context.Operation).Exception;
        while (thrown is IConversionOperation conversion)
            thrown = conversion.Operand;

        if (thrown is not IObjectCreationOperation { Type: { } type, Syntax: var syntax } || Better(type) is not { } better || MayBeCaught(context.Operation))
            return;

        var place = syntax is ObjectCreationExpressionSyntax creation ? creation.Type : syntax;
        context.ReportDiagnostic(Diagnostic.Create(
            Rule.UnknownError, place.GetLocation(), FlawProperty.OfName(better.Kind), type.Name, call.Call.Name, $"{better.Kind}({better.Argument})"));
    }

    private static (string Kind, string Argument)? Better(ITypeSymbol exception) => exception.ToDisplayString() switch
    {
        "System.InvalidOperationException" => ("FailedPrecondition", "message"),
        "System.Collections.Generic.KeyNotFoundException" or "System.IO.FileNotFoundException" or "System.IO.DirectoryNotFoundException" => ("NotFound", "key"),
        _ => null,
    };

    private static bool MayBeCaught(IOperation operation)
    {
        for (var each = operation; each.Parent is { } parent; each = parent)
        {
            if (parent is ITryOperation tried && tried.Body == each && !tried.Catches.IsEmpty)
                return true;
        }

        return false;
    }
}
