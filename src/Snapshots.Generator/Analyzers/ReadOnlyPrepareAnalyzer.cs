using System.Collections.Immutable;
using Containerd.Snapshots.Generator.Operations;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.Analyzers;

/// <summary>Reports a Prepare whose last mount is read-only: containerd then assumes that the layer exists already.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ReadOnlyPrepareAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule.ReadOnlyPrepare];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.OnOperation(Analyze, OperationKind.Invocation, OperationKind.ObjectCreation, OperationKind.With);
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
            MemberName.In(mount.Syntax),
        IObjectCreationOperation created => ReadOnlyOption.In(created.Initializer)?.Syntax,
        IWithOperation changed => ReadOnlyOption.In(changed.Initializer)?.Syntax,
        _ => null,
    };
}
