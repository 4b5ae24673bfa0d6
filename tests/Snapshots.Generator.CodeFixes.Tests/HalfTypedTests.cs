using Containerd.Snapshots.Generator.CodeFixes.Fixes;
using Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;
using Containerd.Snapshots.Tests.Generator.Compiling;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CodeRefactorings;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes;

/// <summary>Half-typed code, which an editor shows most of the time.</summary>
internal sealed class HalfTypedTests
{
    private const int Count = 25;

    /// <summary>Something for each of the fixes.</summary>
    private const string Source = """
        using System;

        namespace Samples;

        internal partial class Outer
        {
            [Snapshotter]
            internal class Example
            {
                /// <param name="Key">A name.</param>
                public int Stat(string Key) => Key.Length;
                public async void Commit(string name, IDictionary<string, string> labels) => await Task.Yield();
                public void Remove(ref string key, params int[] more) { }
                internal static void Cleanup() { }
                public ref int Usage<T>(string key) => throw new NotImplementedException();
                public IEnumerable<SnapshotInfo> List() { yield break; }
            }

            [Snapshotter]
            internal partial class Empty { }

            internal class Unmarked { }

            public static void Add(IServiceCollection services) => services.AddSnapshotter<Unmarked>();
        }
        """;

    private static readonly CodeFixProvider[] Providers =
    [
        new ImplementCallsFixProvider(), new MakeCallableFixProvider(), new MakePartialFixProvider(), new MarkFixProvider(),
        new ParameterFixProvider(), new RenameFixProvider(), new ReturnTypeFixProvider(),
    ];

    [Test]
    public async Task Fixes_of_code_that_is_half_typed_are_made_or_not_offered()
    {
        foreach (var source in HalfTyped.Of([Source], Count))
            Assert.That(async () => await FixAllAsync(source), Throws.Nothing, source);
    }

    [Test]
    public async Task Each_fix_is_among_them() => Assert.That(await FixAllAsync(Source), Is.EquivalentTo(Providers.Select(each => each.GetType().Name)));

    /// <summary>Makes all changes that are offered, each by itself.</summary>
    /// <returns>The names of the providers that offer one.</returns>
    private static async Task<HashSet<string>> FixAllAsync(string source)
    {
        var project = Workspace.Open(new(source));
        var document = project.Documents.First();
        var offering = new HashSet<string>();
        var actions = new List<CodeAction>();

        foreach (var diagnostic in await Workspace.AnalyzeAsync(project))
        {
            foreach (var provider in Providers.Where(each => each.FixableDiagnosticIds.Contains(diagnostic.Id)))
            {
                var before = actions.Count;
                await provider.RegisterCodeFixesAsync(new(document, diagnostic, (action, _) => actions.Add(action), CancellationToken.None));
                if (actions.Count > before)
                    offering.Add(provider.GetType().Name);
            }
        }

        for (var mark = source.IndexOf("Snapshotter]", StringComparison.Ordinal); mark >= 0; mark = source.IndexOf("Snapshotter]", mark + 1, StringComparison.Ordinal))
            await new ImplementCallsRefactoringProvider().ComputeRefactoringsAsync(new(document, new(mark, 0), actions.Add, CancellationToken.None));

        foreach (var action in actions)
            await action.GetOperationsAsync(CancellationToken.None);

        return offering;
    }
}
