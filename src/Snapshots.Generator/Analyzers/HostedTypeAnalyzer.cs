using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.Analyzers;

/// <summary>
/// Says that a class is hosted which is not marked. The runtime takes such a class by overloads of their own, so that
/// one that is marked but malformed has no second error where it is hosted.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HostedTypeAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule.NotMarked];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (KnownTypes.In(start.Compilation) is { NotASnapshotter: not null } known)
                start.RegisterOperationAction(operation => Analyze(operation, known), OperationKind.Invocation);
        });
    }

    private static void Analyze(OperationAnalysisContext context, KnownTypes known)
    {
        var invocation = (IInvocationOperation)context.Operation;
        var method = invocation.TargetMethod;
        if (method.TypeArguments.Length != 1 || !TakesWhatIsNone(method, known))
            return;

        var hosted = method.TypeArguments[0];
        if (ErrorTypes.AreIn(hosted) || known.IsMarked(hosted))
            return;

        context.ReportDiagnostic(Diagnostic.Create(Rule.NotMarked, PlaceOf(invocation), ClassOf(hosted), TypeText.Of(hosted), Advice(hosted)));
    }

    /// <summary>Where the class is declared that can be marked, for the fix; nowhere if it is another assembly's.</summary>
    private static IEnumerable<Location> ClassOf(ITypeSymbol hosted) =>
        hosted.TypeKind == TypeKind.Class ? hosted.Locations.Where(each => each.IsInSource).Take(1) : [];

    /// <summary>Whether a method is one of the runtime's overloads for classes that are no snapshotters.</summary>
    private static bool TakesWhatIsNone(IMethodSymbol method, KnownTypes known) =>
        method.Parameters.Any(each => each.Type is IArrayTypeSymbol { ElementType: var type } && KnownTypes.AreSame(type, known.NotASnapshotter));

    private static string Advice(ITypeSymbol hosted) => hosted is ITypeParameterSymbol
        ? $"write 'where {hosted.Name} : class, ISnapshotter<{hosted.Name}>'"
        : "write '[Snapshotter]' on the class, and make it partial";

    /// <summary>The type argument where it is written, else the method's name.</summary>
    private static Location PlaceOf(IInvocationOperation invocation)
    {
        SyntaxNode name = (invocation.Syntax as InvocationExpressionSyntax)?.Expression switch
        {
            MemberAccessExpressionSyntax access => access.Name,
            MemberBindingExpressionSyntax binding => binding.Name, // After ?.
            { } called => called,
            null => invocation.Syntax,
        };

        return name is GenericNameSyntax { TypeArgumentList.Arguments: [var argument] } ? argument.GetLocation() : name.GetLocation();
    }
}
