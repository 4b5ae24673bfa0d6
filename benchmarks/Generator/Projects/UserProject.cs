using Containerd.Snapshots.Tests.Generator.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Containerd.Snapshots.Benchmarks.Generator.Projects;

/// <summary>A project of a thousand files, some of them snapshotters.</summary>
internal static class UserProject
{
    private const int Files = 1000;

    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.Latest);

    public static CSharpCompilation WithSnapshotters(int count) => CSharpCompilation.Create(
        "User",
        [.. Texts(count).Append(Sources.GlobalUsings).Select((text, number) => CSharpSyntaxTree.ParseText(text, ParseOptions, $"/User{number}.cs"))],
        References.All,
        new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>The file that an edit is in, before and after it; none for no edit.</summary>
    public static (SyntaxTree Before, SyntaxTree After)? Change(this CSharpCompilation project, Edit edit) => edit switch
    {
        Edit.Elsewhere => project.Replace("var sum = 17;", "var sum = 23;"),
        Edit.Body => project.Replace("AttributesToSkip = 0", "AttributesToSkip = FileAttributes.Offline"),
        Edit.Signature => project.Replace("void Remove(string key)", "void Remove(string key, SnapshotContext context)"),
        _ => null,
    };

    private static IEnumerable<string> Texts(int snapshotters) =>
        Enumerable.Range(0, Files).Select(number => number < snapshotters ? Sources.Snapshotter(number) : Sources.OfAnotherKind(number));

    private static (SyntaxTree Before, SyntaxTree After) Replace(this CSharpCompilation project, string old, string @new)
    {
        var before = project.SyntaxTrees.First(tree => tree.ToString().Contains(old));
        return (before, before.WithChangedText(before.GetText().Replace(before.ToString().IndexOf(old), old.Length, @new)));
    }
}
