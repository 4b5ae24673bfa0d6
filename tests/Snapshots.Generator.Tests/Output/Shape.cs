using System.Runtime.CompilerServices;
using Containerd.Snapshots.Tests.Generator.Approval;
using Containerd.Snapshots.Tests.Generator.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Containerd.Snapshots.Tests.Generator.Output;

/// <summary>Holds what is emitted for a well-formed project to what was approved, and to compiling without a word.</summary>
internal static class Shape
{
    private const string MissingDocumentation = "CS1591";

    /// <summary>Sources are C# 11, the oldest language that emitted code can be in, and compiled as the newest too.</summary>
    public static void Verify(Project project, [CallerFilePath] string testFile = "", [CallerMemberName] string method = "")
    {
        Assert.That(Complaints((project with { Language = LanguageVersion.CSharp11 }).Generate()), Is.Empty, "as C# 11");

        var run = project.Generate();
        Assert.That(Complaints(run), Is.Empty);
        Approved.Verify(Text(run), "cs", testFile, method);
    }

    /// <summary>Each marked class is emitted, and all compiles to an assembly without a word: for inputs whose output is as ever.</summary>
    public static Run Compiles(Project project, int classes = 1)
    {
        var run = project.Generate();

        Assert.That(Complaints(run), Is.Empty);
        Assert.That(run.Compilation.Emit(Stream.Null).Diagnostics.Where(each => each.Severity == DiagnosticSeverity.Error), Is.Empty);
        Assert.That(run.Emitted, Has.Length.EqualTo(classes));
        return run;
    }

    /// <summary>All that is said, but not that the tests' own classes have no documentation.</summary>
    public static IEnumerable<Diagnostic> Complaints(Run run) =>
        run.All.Where(each => each.Id != MissingDocumentation || run.IsEmitted(each));

    /// <summary>All emitted files, each with its name at the top, as Verify.SourceGenerators has it.</summary>
    public static string Text(Run run) =>
        string.Join('\n', run.Emitted.Select(each => $"//HintName: {each.HintName}\n{each.SourceText}"));
}
