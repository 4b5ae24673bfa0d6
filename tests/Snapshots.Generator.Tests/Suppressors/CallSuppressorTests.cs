using System.Collections.Immutable;
using Containerd.Snapshots.Generator.Suppressors;
using Containerd.Snapshots.Tests.Generator.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Containerd.Snapshots.Tests.Generator.Suppressors;

/// <summary>What other analyzers ask of a snapshotter although it cannot be so. Another analyzer stands for them, with their ids.</summary>
internal sealed class CallSuppressorTests
{
    private const string Source = """
        [Snapshotter]
        internal sealed partial class Example
        {
            public Mount View(string key, string parent) => Helper(1);
            public partial void Commit(string key);
            public partial void Commit(string key) { void Local(int key) { } Local(1); }
            public void Purge(string key) { }
            internal void View(int key) { }
            private Mount Helper(int key) => Mount.Bind("/");
        }

        internal sealed class Other
        {
            public void Remove(string key) { }
        }
        """;

    [TestCase("CA1822")]
    [TestCase("S2325")]
    public void A_call_need_not_be_static(string id)
    {
        var reported = Report(id, SyntaxKind.MethodDeclaration);

        Assert.That(Shown(reported, each => each.IsSuppressed), Is.EqualTo(["View", "Commit", "Commit"]));
        Assert.That(Shown(reported, each => !each.IsSuppressed), Is.EqualTo(["Purge", "View", "Helper", "Remove"]));
    }

    [TestCase("IDE0060")]
    [TestCase("RCS1163")]
    public void A_call_keeps_its_key(string id)
    {
        var reported = Report(id, SyntaxKind.Parameter);

        Assert.That(reported.Count(each => each.IsSuppressed), Is.EqualTo(3), "View, and both parts of Commit");
        Assert.That(Shown(reported, each => !each.IsSuppressed), Is.EqualTo(["parent", "key", "key", "key", "key", "key"]));
    }

    [Test]
    public void A_snapshotter_is_created_by_its_host()
    {
        var reported = Report("CA1812", SyntaxKind.ClassDeclaration);

        Assert.That(Shown(reported, each => each.IsSuppressed), Is.EqualTo(["Example"]));
        Assert.That(Shown(reported, each => !each.IsSuppressed), Is.EqualTo(["Other"]));
    }

    [Test]
    public void Other_warnings_stay() =>
        Assert.That(Report("CA1801", SyntaxKind.Parameter).Concat(Report("CA1707", SyntaxKind.MethodDeclaration)), Has.All.Property(nameof(Diagnostic.IsSuppressed)).False);

    [Test]
    public void Each_suppression_has_a_row_in_the_documentation()
    {
        var table = Diagnostics.Resource.Read(Diagnostics.RulePage.Table);

        foreach (var each in new CallSuppressor().SupportedSuppressions)
            Assert.That(table, Does.Match(@$"\| {each.SuppressedDiagnosticId} \|.*\| {each.Id} \|"));
    }

    private static List<Diagnostic> Report(string id, SyntaxKind kind)
    {
        var compilation = new Project(Source).Generate().Compilation;
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: false, reportSuppressedDiagnostics: true);

        var rule = new DiagnosticDescriptor(id, "Title", "Message", "Category", DiagnosticSeverity.Warning, isEnabledByDefault: true);

        var reported = compilation.WithAnalyzers([new StandIn(rule, kind), new CallSuppressor()], options).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();
        return [.. reported.OrderBy(each => each.Location.SourceSpan)];
    }

    private static IEnumerable<string> Shown(IEnumerable<Diagnostic> reported, Func<Diagnostic, bool> choose) =>
        reported.Where(choose).Select(each => each.Location.SourceTree!.GetText().ToString(each.Location.SourceSpan));

    /// <summary>Reports each class, method or parameter, as another analyzer would.</summary>
#pragma warning disable RS1001 // No compiler loads it.
    private sealed class StandIn(DiagnosticDescriptor rule, SyntaxKind kind) : DiagnosticAnalyzer
#pragma warning restore RS1001
    {
        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [rule];

        public override void Initialize(AnalysisContext context)
        {
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.EnableConcurrentExecution();
            context.RegisterSyntaxNodeAction(node => node.ReportDiagnostic(Diagnostic.Create(rule, PlaceOf(node.Node))), kind);
        }

        private static Location PlaceOf(SyntaxNode node) => node switch
        {
            ClassDeclarationSyntax type => type.Identifier.GetLocation(),
            MethodDeclarationSyntax method => method.Identifier.GetLocation(),
            _ => ((ParameterSyntax)node).Identifier.GetLocation(),
        };
    }
}
