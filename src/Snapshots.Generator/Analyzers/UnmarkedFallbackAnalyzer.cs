using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Containerd.Snapshots.Generator.Analyzers;

/// <summary>Reports a fallback in a type that is no snapshotter, and that no snapshotter derives from.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnmarkedFallbackAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule.FallbackOfNoSnapshotter];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (KnownTypes.In(start.Compilation) is { Fallback: not null } known)
                start.RegisterSyntaxNodeAction(node => Analyze(node, known), SyntaxKind.Attribute);
        });
    }

    // Called for every attribute in the project: binds only those of that name.
    private static void Analyze(SyntaxNodeAnalysisContext context, KnownTypes known)
    {
        var attribute = (AttributeSyntax)context.Node;
        if (NameOf(attribute) is not ("SnapshotterFallback" or "SnapshotterFallbackAttribute") || attribute.Parent?.Parent is not MemberDeclarationSyntax member)
            return;

        var declared = member is FieldDeclarationSyntax { Declaration.Variables: [var variable, ..] } ? variable : (SyntaxNode)member;
        var symbol = context.SemanticModel.GetDeclaredSymbol(declared, context.CancellationToken);
        if (symbol is not (IFieldSymbol or IPropertySymbol) || !symbol.GetAttributes().Any(each => KnownTypes.AreSame(each.AttributeClass, known.Fallback)))
            return;

        var type = symbol.ContainingType;
        if (known.IsMarked(type) || (type.IsAbstract && !type.IsStatic) || (!type.IsSealed && IsBaseOfSnapshotter(type, known, context.Compilation)))
            return;

        var mark = type is { TypeKind: TypeKind.Class, IsStatic: false } ? $"write '[Snapshotter]' on '{type.Name}', and make it partial, or " : "";
        context.ReportDiagnostic(Diagnostic.Create(Rule.FallbackOfNoSnapshotter, attribute.GetLocation(), symbol.Name, type.Name, mark));
    }

    private static string NameOf(AttributeSyntax attribute) => attribute.Name switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax qualified => qualified.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => "",
    };

    private static bool IsBaseOfSnapshotter(INamedTypeSymbol type, KnownTypes known, Compilation compilation) => TypesIn(compilation.Assembly.GlobalNamespace)
        .Any(each => known.IsMarked(each) && each.BaseTypes().Any(other => SymbolEqualityComparer.Default.Equals(other.OriginalDefinition, type)));

    private static IEnumerable<INamedTypeSymbol> TypesIn(INamespaceOrTypeSymbol container) => container.GetMembers()
        .OfType<INamespaceOrTypeSymbol>()
        .SelectMany(each => each is INamedTypeSymbol type ? TypesIn(type).Prepend(type) : TypesIn(each));
}
