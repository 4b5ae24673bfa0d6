using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.Analyzers;

/// <summary>
/// Reports a class that is hosted but not marked. The runtime has separate overloads for such classes, so that a marked
/// but malformed class causes no second error where it is hosted.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HostedTypeAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule.NotMarked, Rule.HostedTask];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (KnownTypes.In(start.Compilation) is { NotASnapshotter: not null } known)
                start.RegisterSyntaxNodeAction(node => Analyze(node, known), SyntaxKind.InvocationExpression);
        });
    }

    // Called for every invocation in the project: binds only those with the name of a hosting method.
    private static void Analyze(SyntaxNodeAnalysisContext context, KnownTypes known)
    {
        var name = NameOf(((InvocationExpressionSyntax)context.Node).Expression);
        if (!Hosts(name) || context.SemanticModel.GetOperation(context.Node, context.CancellationToken) is not IInvocationOperation { TargetMethod: var method })
            return;

        if (method.TypeArguments.Length != 1 || !TakesUnmarkedClass(method, known))
            return;

        var hosted = method.TypeArguments[0];
        var snapshotter = InTask(hosted, known) ?? hosted;
        if (ErrorTypes.AreIn(hosted))
            return;

        if (!known.IsMarked(snapshotter))
            context.ReportDiagnostic(Diagnostic.Create(Rule.NotMarked, PlaceOf(name), ClassOf(snapshotter), TypeText.Of(snapshotter), Advice(snapshotter, context.CancellationToken)));
        else if (!SymbolEqualityComparer.Default.Equals(snapshotter, hosted) && IsSound(snapshotter, known, context))
            context.ReportDiagnostic(Diagnostic.Create(Rule.HostedTask, PlaceOf(name), method.Name, TypeText.Of(snapshotter)));
    }

    /// <summary>The declaration of the class to mark, for the fix; empty if the class is in another assembly.</summary>
    private static IEnumerable<Location> ClassOf(ITypeSymbol hosted) =>
        hosted.TypeKind == TypeKind.Class ? hosted.Locations.Where(each => each.IsInSource).Take(1) : [];

    /// <summary>Whether a method is one of the runtime's overloads for classes that are not marked.</summary>
    internal static bool TakesUnmarkedClass(IMethodSymbol method, KnownTypes known) =>
        method.Parameters.Any(each => each.Type is IArrayTypeSymbol { ElementType: var type } && KnownTypes.AreSame(type, known.NotASnapshotter));

    private static ITypeSymbol? InTask(ITypeSymbol type, KnownTypes known) =>
        type is INamedTypeSymbol { TypeArguments: [var inner] } && KnownTypes.AreSame(type.OriginalDefinition, known.TaskOfT) ? inner : null;

    /// <summary>Whether the marked class is a snapshotter; if it is malformed, that is reported there.</summary>
    private static bool IsSound(ITypeSymbol snapshotter, KnownTypes known, SyntaxNodeAnalysisContext context) =>
        snapshotter is INamedTypeSymbol named && known.HasService(named, context.CancellationToken) == true;

    private static string Advice(ITypeSymbol hosted, CancellationToken cancellationToken)
    {
        if (hosted is ITypeParameterSymbol)
            return $"write 'where {hosted.Name} : class, ISnapshotter<{hosted.Name}>'";

        if (hosted is not INamedTypeSymbol { TypeKind: TypeKind.Class, DeclaringSyntaxReferences.IsEmpty: false } type)
            return "host a class that is marked '[Snapshotter]' instead";

        return ClassForm.IsPartial(type, cancellationToken) ? "write '[Snapshotter]' on the class" : "write '[Snapshotter]' on the class, and make it partial";
    }

    /// <summary>Whether a hosting method of the runtime has that name.</summary>
    private static bool Hosts(ExpressionSyntax name) =>
        name is SimpleNameSyntax { Identifier.ValueText: "AddSnapshotter" or "MapSnapshotter" or "RunAsync" };

    private static ExpressionSyntax NameOf(ExpressionSyntax called) => called switch
    {
        MemberAccessExpressionSyntax access => access.Name,
        MemberBindingExpressionSyntax binding => binding.Name, // After ?.
        ParenthesizedExpressionSyntax parenthesized => NameOf(parenthesized.Expression),
        _ => called,
    };

    /// <summary>The type argument if it is written, else the method's name.</summary>
    private static Location PlaceOf(ExpressionSyntax name) =>
        name is GenericNameSyntax { TypeArgumentList.Arguments: [var argument] } ? argument.GetLocation() : name.GetLocation();
}
