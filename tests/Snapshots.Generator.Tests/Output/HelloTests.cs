using Containerd.Snapshots.Tests.Generator.Approval;
using Containerd.Snapshots.Tests.Generator.Compiling;
using Microsoft.CodeAnalysis.CSharp;

namespace Containerd.Snapshots.Tests.Generator.Output;

/// <summary>The sample that a user reads first.</summary>
internal sealed class HelloTests
{
    private static readonly Run Hello = new Project(ReadSource()).Generate();

    [Test]
    public void Hello_has_the_approved_output() => Approved.AssertMatches(Shape.Text(Hello));

    [Test]
    public void Hello_compiles_without_warnings() => Assert.That(Shape.Complaints(Hello), Is.Empty);

    [Test]
    public void Emitted_code_is_C_sharp_11()
    {
        var oldest = new CSharpParseOptions(LanguageVersion.CSharp11);

        Assert.That(CSharpSyntaxTree.ParseText(Hello.Emitted.Single().SourceText, oldest).GetDiagnostics(), Is.Empty);
    }

    private static string ReadSource()
    {
        using var reader = new StreamReader(typeof(HelloTests).Assembly.GetManifestResourceStream("HelloSnapshotter.cs")!);
        return reader.ReadToEnd();
    }
}
