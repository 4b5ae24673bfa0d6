using System.Collections.Immutable;
using System.Text;
using Containerd.Snapshots.Generator.Operations;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.Analyzers;

/// <summary>Reports a label that is longer than containerd accepts.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LongLabelAnalyzer : DiagnosticAnalyzer
{
    private const int MaximumBytes = 4096;

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule.LongLabel];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.OnOperationAnywhere(Analyze, OperationKind.SimpleAssignment, OperationKind.Invocation);
    }

    private static void Analyze(OperationAnalysisContext context, KnownTypes known)
    {
        if (Label(context.Operation, known) is not var (key, value) || Constant(key) is not { } name || Constant(value) is not { } text)
            return;

        var length = Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(text);
        if (length > MaximumBytes)
            context.ReportDiagnostic(Diagnostic.Create(Rule.LongLabel, value.Syntax.GetLocation(), Shortened(name), length));
    }

    /// <summary>The key and value of an entry that is set by an indexer, or added.</summary>
    private static (IOperation Key, IOperation Value)? Label(IOperation operation, KnownTypes known) => operation switch
    {
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.IsIndexer: true, Arguments: [var key], Property.ContainingType: var type }, Value: var value }
            when IsLabels(type, known) => (key.Value, value),
        IInvocationOperation { TargetMethod.Name: "Add" or "TryAdd" or "SetItem", Arguments: [.., var key, var value] } added when IsLabels(added, known) => (key.Value, value.Value),
        _ => null,
    };

    /// <summary>Whether the receiver of a method, or of an extension method, holds labels.</summary>
    private static bool IsLabels(IInvocationOperation added, KnownTypes known) =>
        (added.Instance ?? added.Arguments[0].Value).WithoutConversions().Type is INamedTypeSymbol type && IsLabels(type, known);

    private static bool IsLabels(INamedTypeSymbol type, KnownTypes known) => KnownTypes.IsOrImplements(type, known.Labels)
        || (type is { Name: "IDictionary", TypeArguments: [var key, var value] } && KnownTypes.AreSame(key, known.String) && KnownTypes.AreSame(value, known.String));

    private static string? Constant(IOperation operation) => operation.ConstantValue is { HasValue: true, Value: string text } ? text : null;

    private static string Shortened(string key) => key.Length <= 80 ? key : key.Substring(0, 77) + "...";
}
