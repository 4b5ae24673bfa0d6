using System.Collections.Immutable;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Containerd.Snapshots.Generator.Analyzers;

/// <summary>Reports an attribute of a call that warns whoever uses the call: only emitted code does.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CallRequirementAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule.CallRequirement];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (KnownTypes.In(start.Compilation) is { } known)
                start.RegisterSymbolAction(symbol => Analyze(symbol, known), SymbolKind.NamedType);
        });
    }

    private static void Analyze(SymbolAnalysisContext context, KnownTypes known)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.TypeKind != TypeKind.Class || !known.IsMarked(type))
            return;

        foreach (var call in SnapshotterShape.Of(type, known, context.CancellationToken).Calls)
        {
            foreach (var requirement in Requirement.Of(call.Method))
                context.ReportDiagnostic(Diagnostic.Create(Rule.CallRequirement, PlaceOf(requirement, call.Method, type, context), call.Method.Name, requirement.Name, requirement.Better));
        }
    }

    /// <summary>The attribute, or the class if the method is inherited.</summary>
    private static Location PlaceOf(Requirement requirement, IMethodSymbol method, INamedTypeSymbol type, SymbolAnalysisContext context) =>
        SymbolEqualityComparer.Default.Equals(method.ContainingType, type) && requirement.Attribute.ApplicationSyntaxReference is { } attribute
            ? attribute.GetSyntax(context.CancellationToken).GetLocation()
            : Place.Of(method, type);
}
