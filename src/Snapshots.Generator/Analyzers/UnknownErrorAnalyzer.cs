using System.Collections.Immutable;
using System.Linq;
using Containerd.Snapshots.Generator.Operations;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.Analyzers;

/// <summary>Reports a call that throws an exception of .NET, or returns it in a task, although containerd has an error of that meaning.</summary>
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
        context.OnOperation(Analyze, OperationKind.Throw, OperationKind.Invocation);
    }

    private static void Analyze(OperationAnalysisContext context, CallShape call, KnownTypes _)
    {
        if (Thrown(context.Operation) is not { } thrown || MayBeCaught(context.Operation))
            return;

        if (Created(thrown) is not { Type: { } type, Syntax: var syntax } || Better(type) is not { } better)
            return;

        var place = syntax is ObjectCreationExpressionSyntax creation ? creation.Type : syntax;
        context.ReportDiagnostic(Diagnostic.Create(
            Rule.UnknownError, place.GetLocation(), FlawProperty.OfName(better.Kind), type.Name, call.Call.Name, $"{better.Kind}({better.Argument})"));
    }

    /// <summary>The exception that an operation throws, or that is in the task that the method returns or awaits.</summary>
    private static IOperation? Thrown(IOperation operation) => operation switch
    {
        IThrowOperation { Exception: { } exception } => exception,
        IInvocationOperation { TargetMethod.Name: "FromException", Arguments: [var exception] } task when TypeName.IsTask(task.TargetMethod.ContainingType) && task.IsWaitedFor() =>
            exception.Value,
        IInvocationOperation { TargetMethod: { Name: "Throw", ContainingType.Name: "ExceptionDispatchInfo" }, Arguments: [var exception] } => exception.Value,
        _ => null,
    };

    /// <summary>Where the exception is created: in place, or as the only value of a local variable.</summary>
    private static IObjectCreationOperation? Created(IOperation exception) => exception.WithoutConversions() switch
    {
        IObjectCreationOperation creation => creation,
        ILocalReferenceOperation { Local: var local } use when !IsAssigned(use) =>
            use.Body().DeclarationOf(local)?.Initializer?.Value.WithoutConversions() as IObjectCreationOperation,
        _ => null,
    };

    private static bool IsAssigned(ILocalReferenceOperation variable) => variable.Body().UsesOf(variable.Local)
        .Any(each => (each.Parent is IAssignmentOperation assignment && assignment.Target == each) || each.Parent is IArgumentOperation { Parameter.RefKind: not RefKind.None });

    private static (string Kind, string Argument)? Better(ITypeSymbol exception) => TypeName.Of(exception) switch
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
