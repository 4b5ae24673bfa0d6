using System.Collections.Immutable;
using System.Linq;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.Analyzers;

/// <summary>Reports a call that blocks its thread while it waits for a task or for time to pass.</summary>
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

    private static void Analyze(OperationAnalysisContext context, CallShape call, KnownTypes known)
    {
        if (Blocking(context.Operation, known) is not { } found || (found.Task is { } task && IsDone(task)))
            return;

        context.ReportDiagnostic(Diagnostic.Create(Rule.BlockingCall, MemberName.In(context.Operation.Syntax).GetLocation(), found.Text, call.Method.Name, found.Better));
    }

    private static (string Text, string Better, IOperation? Task)? Blocking(IOperation operation, KnownTypes known) => operation switch
    {
        IPropertyReferenceOperation { Property.Name: "Result", Instance: { Type: { } type } task } when IsTask(type, known) =>
            ("Result", "await the task in an async method", task),
        IInvocationOperation { TargetMethod.Name: "Wait", Instance: { Type: { } type } task } when IsTask(type, known) =>
            ("Wait", "await the task in an async method", task),
        IInvocationOperation { TargetMethod: { Name: "GetResult", ContainingType: var type }, Instance: { } task } when IsTaskAwaiter(type) =>
            ("GetResult", "await the task in an async method", task),
        IInvocationOperation { TargetMethod: { Name: "Sleep", ContainingType: var type } } when KnownTypes.AreSame(type, known.Thread) =>
            ("Sleep", "await Task.Delay in an async method", null),
        _ => null,
    };

    private static bool IsTask(ITypeSymbol type, KnownTypes known) => new[] { known.Task, known.TaskOfT, known.ValueTask, known.ValueTaskOfT }
        .Any(task => KnownTypes.AreSame(type.OriginalDefinition, task));

    private static bool IsTaskAwaiter(INamedTypeSymbol type) => type.Name is "TaskAwaiter" or "ValueTaskAwaiter" or "ConfiguredTaskAwaiter" or "ConfiguredValueTaskAwaiter"
        && type.ContainingNamespace.ToDisplayString() == "System.Runtime.CompilerServices";

    /// <summary>Whether the task is likely complete: it was awaited, waited for or checked before, or comes from an await or a loop.</summary>
    private static bool IsDone(IOperation task) =>
        Variable(Origin(task)) is { } variable && task.Body().Descendants().Any(each => ShowsCompletion(each, variable, task));

    /// <summary>The operation that refers to the task, or to the collection that holds it.</summary>
    private static IOperation Origin(IOperation task) => task switch
    {
        IInvocationOperation { TargetMethod.Name: "GetAwaiter" or "ConfigureAwait", Instance: { } instance } => Origin(instance),
        IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } collection } => Origin(collection),
        IArrayElementReferenceOperation element => Origin(element.ArrayReference),
        IConversionOperation conversion => Origin(conversion.Operand),
        _ => task,
    };

    private static bool ShowsCompletion(IOperation operation, ISymbol variable, IOperation task) => operation switch
    {
        IForEachLoopOperation loop => loop.Locals.Contains(variable, SymbolEqualityComparer.Default),
        IVariableDeclaratorOperation declarator => AreSame(declarator.Symbol, variable) && declarator.Initializer?.Value is IAwaitOperation,
        _ when operation.Syntax.SpanStart >= task.Syntax.SpanStart => false,
        IAwaitOperation awaited => awaited.Descendants().Any(each => AreSame(Variable(each), variable)),
        IPropertyReferenceOperation { Property.Name: "IsCompleted" or "IsCompletedSuccessfully" or "Status", Instance: { } asked } => AreSame(Variable(asked), variable),
        IInvocationOperation { TargetMethod.Name: "Wait", Instance: { } waited } => AreSame(Variable(waited), variable),
        _ => false,
    };

    private static ISymbol? Variable(IOperation operation) => operation switch
    {
        ILocalReferenceOperation reference => reference.Local,
        IParameterReferenceOperation reference => reference.Parameter,
        IFieldReferenceOperation reference => reference.Field,
        IPropertyReferenceOperation { Instance: IInstanceReferenceOperation } reference => reference.Property,
        _ => null,
    };

    private static bool AreSame(ISymbol? variable, ISymbol other) => SymbolEqualityComparer.Default.Equals(variable, other);
}
