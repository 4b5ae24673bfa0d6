using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Containerd.Snapshots.Generator.Suppressors;

/// <summary>
/// Suppresses what other analyzers ask of a snapshotter although it cannot be so: a static method does not answer a call,
/// neither does one that does not know its snapshot, and the host creates the class.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CallSuppressor : DiagnosticSuppressor
{
    private const string Static = "A static method does not answer a call of containerd.";
    private const string Key = "A call of containerd needs the parameter that names its snapshot.";

    private static readonly SuppressionDescriptor OfClass = new("SNAPS0005", "CA1812", "The host creates the snapshotter.");

    private static readonly ImmutableDictionary<string, SuppressionDescriptor> OfMethods = ById(
        new("SNAPS0001", "CA1822", Static),
        new("SNAPS0002", "S2325", Static));

    private static readonly ImmutableDictionary<string, SuppressionDescriptor> OfKeys = ById(
        new("SNAPS0003", "IDE0060", Key),
        new("SNAPS0004", "RCS1163", Key));

    /// <inheritdoc/>
    public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions { get; } = [.. OfMethods.Values, .. OfKeys.Values, OfClass];

    /// <inheritdoc/>
    public override void ReportSuppressions(SuppressionAnalysisContext context)
    {
        if (KnownTypes.In(context.Compilation) is not { } known)
            return;

        var classes = new Dictionary<INamedTypeSymbol, CallMethods>(SymbolEqualityComparer.Default);
        foreach (var diagnostic in context.ReportedDiagnostics)
        {
            var descriptor = DeclarationOf(diagnostic, context) switch
            {
                MethodDeclarationSyntax method when OfMethods.TryGetValue(diagnostic.Id, out var found) && IsCall(method) => found,
                ParameterSyntax { Identifier.ValueText: "key", Parent.Parent: MethodDeclarationSyntax method } when OfKeys.TryGetValue(diagnostic.Id, out var found) && IsCall(method) => found,
                TypeDeclarationSyntax type when diagnostic.Id == OfClass.SuppressedDiagnosticId && IsMarked(type) => OfClass,
                _ => null,
            };
            if (descriptor is not null)
                context.ReportSuppression(Suppression.Create(descriptor, diagnostic));
        }

        bool IsMarked(TypeDeclarationSyntax declaration) =>
            context.GetSemanticModel(declaration.SyntaxTree).GetDeclaredSymbol(declaration, context.CancellationToken) is { } type && known.IsMarked(type);

        bool IsCall(MethodDeclarationSyntax declaration)
        {
            if (context.GetSemanticModel(declaration.SyntaxTree).GetDeclaredSymbol(declaration, context.CancellationToken) is not { ContainingType: var type } method || !known.IsMarked(type))
                return false;

            if (!classes.TryGetValue(type, out var calls))
                classes[type] = calls = CallMethods.Of(type, known, context.CancellationToken);

            return calls.Find(method) is not null;
        }
    }

    /// <summary>The class, method or parameter whose declaration a diagnostic is at.</summary>
    private static SyntaxNode? DeclarationOf(Diagnostic diagnostic, SuppressionAnalysisContext context) => diagnostic.Location.SourceTree?
        .GetRoot(context.CancellationToken)
        .FindToken(diagnostic.Location.SourceSpan.Start).Parent?
        .AncestorsAndSelf()
        .FirstOrDefault(each => each is TypeDeclarationSyntax or MethodDeclarationSyntax or ParameterSyntax or BlockSyntax or ArrowExpressionClauseSyntax);

    private static ImmutableDictionary<string, SuppressionDescriptor> ById(params SuppressionDescriptor[] descriptors) =>
        descriptors.ToImmutableDictionary(each => each.SuppressedDiagnosticId);
}
