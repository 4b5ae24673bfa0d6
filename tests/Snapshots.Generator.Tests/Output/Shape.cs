using System.Runtime.CompilerServices;
using Containerd.Snapshots.Tests.Generator.Approval;
using Containerd.Snapshots.Tests.Generator.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Tests.Generator.Output;

/// <summary>
/// Asserts that the output for a well-formed project is as approved, and that it compiles without warnings. Tests of calls
/// approve the lines of their overrides; only tests of declarations approve whole files.
/// </summary>
internal static class Shape
{
    private const string MissingDocumentation = "CS1591";

    /// <summary>Approves whole files.</summary>
    public static void AssertApproved(Project project, [CallerFilePath] string testFile = "", [CallerMemberName] string method = "") =>
        Approved.AssertMatches(Text(AssertNoComplaints(project)), "cs", testFile, method);

    /// <summary>Approves the methods that answer calls.</summary>
    public static void AssertApprovedCalls(Project project, [CallerFilePath] string testFile = "", [CallerMemberName] string method = "") =>
        Approved.AssertMatches(Text(AssertNoComplaints(project), Overrides), "cs", testFile, method);

    /// <summary>Each marked class has output, and everything compiles to an assembly: for inputs that do not change the output.</summary>
    public static Run AssertCompiles(Project project, int classes = 1)
    {
        var run = project.Generate();

        Assert.That(Complaints(run), Is.Empty);
        Assert.That(run.Compilation.Emit(Stream.Null).Diagnostics.Where(each => each.Severity == DiagnosticSeverity.Error), Is.Empty);
        Assert.That(run.Emitted, Has.Length.EqualTo(classes));
        return run;
    }

    /// <summary>All diagnostics, without missing documentation of the tests' own classes.</summary>
    public static IEnumerable<Diagnostic> Complaints(Run run) =>
        run.All.Where(each => each.Id != MissingDocumentation || run.IsEmitted(each));

    /// <summary>All emitted files, each with its name at the top, like Verify.SourceGenerators.</summary>
    public static string Text(Run run) => Text(run, file => file.SourceText.ToString());

    private static string Text(Run run, Func<GeneratedSourceResult, string> text) =>
        string.Join('\n', run.Emitted.Select(each => $"//HintName: {each.HintName}\n{text(each)}"));

    /// <summary>The methods that answer calls, without their indentation.</summary>
    private static string Overrides(GeneratedSourceResult file) => string.Join("\n\n", file.SyntaxTree.GetRoot().DescendantNodes()
        .OfType<MethodDeclarationSyntax>()
        .Where(method => method.Modifiers.Any(SyntaxKind.OverrideKeyword))
        .Select(method => method.ToString().Replace($"\n{Indentation(method)}", "\n"))) + "\n";

    private static string Indentation(MethodDeclarationSyntax method) => new(' ', method.GetLocation().GetLineSpan().StartLinePosition.Character);

    /// <summary>Sources are C# 11, the oldest language that emitted code can be in, and compiled as the newest too.</summary>
    private static Run AssertNoComplaints(Project project)
    {
        Assert.That(Complaints((project with { Language = LanguageVersion.CSharp11 }).Generate()), Is.Empty, "as C# 11");

        var run = project.Generate();
        Assert.That(Complaints(run), Is.Empty);
        return run;
    }
}
