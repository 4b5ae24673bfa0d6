using System.Collections.Immutable;
using System.Linq;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Containerd.Snapshots.Generator.Analyzers;

/// <summary>Reports a class that implements <c>ISnapshotter</c> itself instead of being marked.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ImplementedByHandAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule.ImplementedByHand];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (KnownTypes.In(start.Compilation) is { Snapshotter: not null } known)
                start.RegisterSyntaxNodeAction(node => Analyze(node, known), SyntaxKind.SimpleBaseType);
        });
    }

    // Called for every base type in the project: binds only those of that name.
    private static void Analyze(SyntaxNodeAnalysisContext context, KnownTypes known)
    {
        var written = ((SimpleBaseTypeSyntax)context.Node).Type;
        if (written.DescendantNodesAndSelf().OfType<GenericNameSyntax>().FirstOrDefault() is not { Identifier.ValueText: "ISnapshotter" })
            return;

        if (!KnownTypes.AreSame(context.SemanticModel.GetTypeInfo(written, context.CancellationToken).Type?.OriginalDefinition, known.Snapshotter))
            return;

        if (context.Node.Parent?.Parent is TypeDeclarationSyntax declaration
            && context.SemanticModel.GetDeclaredSymbol(declaration, context.CancellationToken) is { TypeKind: TypeKind.Class } type && !known.IsMarked(type))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Rule.ImplementedByHand, written.GetLocation(), type.Name, declaration.Modifiers.Any(SyntaxKind.PartialKeyword) ? "" : ", and make it partial"));
        }
    }
}
