using System.Collections.Immutable;
using System.Linq;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.Analyzers;

/// <summary>Reports a Prepare whose last mount is read-only: containerd then assumes that the layer exists already.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ReadOnlyPrepareAnalyzer : DiagnosticAnalyzer
{
    private const string ReadOnly = "ro";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule.ReadOnlyPrepare];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.OnOperation(Analyze, OperationKind.Invocation, OperationKind.ObjectCreation);
    }

    private static void Analyze(OperationAnalysisContext context, CallShape call, KnownTypes known)
    {
        if (!call.Call.ReturnsWritableMounts || !KnownTypes.AreSame(context.Operation.Type, known.Mount) || ReadOnlyPart(context.Operation, known) is not { } part)
            return;

        if (ReturnedMount.IsLast(context.Operation))
            context.ReportDiagnostic(Diagnostic.Create(Rule.ReadOnlyPrepare, part.GetLocation(), call.Method.Name));
    }

    /// <summary>The code that makes a mount read-only: the name of the factory method, or the option.</summary>
    private static SyntaxNode? ReadOnlyPart(IOperation mount, KnownTypes known) => mount switch
    {
        IInvocationOperation { TargetMethod: { Name: "ReadOnlyBind" or "ReadOnlyOverlay", ContainingType: var type } } when KnownTypes.AreSame(type, known.Mount) =>
            NameOf(mount.Syntax),
        IObjectCreationOperation { Initializer: { } initializer } => initializer.Initializers
            .OfType<ISimpleAssignmentOperation>()
            .Where(each => each.Target is IPropertyReferenceOperation { Property.Name: "Options" })
            .SelectMany(each => each.Value.DescendantsAndSelf())
            .FirstOrDefault(IsReadOnlyElement)?.Syntax,
        _ => null,
    };

    /// <summary>Whether the option is an element of a collection, not part of a condition or of an argument.</summary>
    private static bool IsReadOnlyElement(IOperation operation) => operation is { ConstantValue: { HasValue: true, Value: ReadOnly } }
        && (operation.Parent is IArrayInitializerOperation or ICollectionExpressionOperation
            || operation.Parent is IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "Add", Parent: IObjectOrCollectionInitializerOperation } });

    private static SyntaxNode NameOf(SyntaxNode invocation) => (invocation as InvocationExpressionSyntax)?.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name,
        { } name => name,
        null => invocation,
    };
}
