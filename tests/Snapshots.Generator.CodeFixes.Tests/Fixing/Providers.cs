using Containerd.Snapshots.Generator.CodeFixes.Fixes;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CodeRefactorings;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;

/// <summary>All providers of the package.</summary>
internal static class Providers
{
    public static IReadOnlyList<CodeFixProvider> OfFixes { get; } = [.. Of<CodeFixProvider>()];

    public static IReadOnlyList<CodeRefactoringProvider> OfRefactorings { get; } = [.. Of<CodeRefactoringProvider>()];

    private static IEnumerable<T> Of<T>() => typeof(MakePartialFixProvider).Assembly.GetTypes()
        .Where(each => each.IsSubclassOf(typeof(T)) && !each.IsAbstract)
        .Select(each => (T)Activator.CreateInstance(each)!);
}
