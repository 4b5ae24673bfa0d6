using Containerd.Snapshots.Tests.Generator.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>
/// What is reported in the bodies of calls, and what is not. A case of the folder Bodies has the members of a marked class as
/// its <c>code</c>, with the places of the diagnostics marked <c>[|so|]</c>; what it <c>reports</c>, in the order of the marks;
/// other code <c>beside</c> the class; and the errors of the <c>compiler</c>, by id.
/// </summary>
internal sealed class BodyCaseTests
{
    private static readonly string Long = new('x', 4096);

    private static readonly List<Case> Cases = [.. CaseFile.In("Bodies").Select(each => (Case)each.Arguments[0]!)];

    // One project for all, each case in its own namespace: that is much faster than a project for each.
    private static readonly Lazy<Run> OfAll = new(() => new Project([.. Cases.Select(each => SourceOf(each).Text), Common]).Generate());
    private static readonly Lazy<ILookup<SyntaxTree?, Diagnostic>> OfCompiler = new(() => ByTree(OfAll.Value.OfGenerator.Concat(OfAll.Value.OfCompiler)));
    private static readonly Lazy<ILookup<SyntaxTree?, Diagnostic>> OfAnalyzers = new(() => ByTree(OfAll.Value.OfAnalyzers));

    private static IEnumerable<TestCaseData> All => CaseFile.In("Bodies").Select((each, index) => new TestCaseData(index) { TestName = each.TestName });

    [TestCaseSource(nameof(All))]
    public void Reports(int index)
    {
        var source = SourceOf(Cases[index]);
        var tree = OfAll.Value.Compilation.SyntaxTrees[index];
        var expected = Lines(Cases[index].Find("reports"));

        Assert.That(OfCompiler.Value[tree].Select(each => each.Id), Is.EqualTo(Lines(Cases[index].Find("compiler"))), "of the compiler");
        Assert.That(expected, Has.Length.EqualTo(source.Spans.Count), "marks");
        Assert.That(
            OfAnalyzers.Value[tree].Select(each => Show($"{each.Id}: {each.GetMessage(null)}", each.Location.SourceSpan, source)),
            Is.EqualTo(expected.Zip(source.Spans, (message, span) => Show(message, span, source))));
    }

    [Test]
    public void Nothing_is_reported_outside_the_cases()
    {
        var ofCases = OfAll.Value.Compilation.SyntaxTrees.Take(Cases.Count);

        Assert.That(OfCompiler.Value.Concat(OfAnalyzers.Value).Where(each => !ofCases.Contains(each.Key)).SelectMany(each => each), Is.Empty);
    }

    private static MarkedSource SourceOf(Case body) => MarkedSource.Parse($$"""
        namespace Case{{Cases.IndexOf(body)}};

        [Snapshotter]
        internal sealed partial class Example
        {
        {{body["code"]}}
        }

        {{body.Find("beside")}}

        {{Helpers}}
        """);

    private static ILookup<SyntaxTree?, Diagnostic> ByTree(IEnumerable<Diagnostic> diagnostics) =>
        diagnostics.OrderBy(each => each.Location.SourceSpan).ToLookup(each => each.Location.SourceTree);

    private static string Show(string message, TextSpan span, MarkedSource source) => $"{message} at {span} '{source.Text.Substring(span.Start, span.Length)}'";

    private static string[] Lines(string? text) => text?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>What the cases use. The fallback has all calls, so that a case needs only one.</summary>
    private static string Helpers => $$"""
        internal sealed partial class Example
        {
            [SnapshotterFallback]
            internal readonly Rest _rest = new();
            internal readonly SemaphoreSlim _gate = new(1);
            internal readonly IReadOnlyList<Mount> _mounts = [];
            internal readonly Dictionary<string, string> _labels = [];

            internal Example? Next { get; set; }
            internal Task Started { get; } = Task.CompletedTask;
            internal Holder Held { get; } = new();

            internal static Task<int> Work() => Task.Run(() => 1);
            internal static Task<int> WorkOn(string key) => Task.Run(() => key.Length);
            internal static ValueTask<int> ValueWork() => new(Work());
            internal static Task Store(string key, CancellationToken cancellationToken = default) => Task.Delay(key.Length, cancellationToken);
            internal static async IAsyncEnumerable<int> Numbers()
            {
                await Task.Yield();
                yield return 1;
            }

            internal SnapshotResult Check(string key) => key == "" ? SnapshotResult.NotFound(key) : SnapshotResult.Success;
            internal SnapshotResult<SnapshotInfo> Find(string key) => SnapshotResult.NotFound(key);
            internal Task<SnapshotResult> CheckAsync(string key) => Task.Run(() => Check(key));
            internal const string Long = "{{Long}}";

            internal static void Use(object value) => value.ToString();
        }
        """;

    /// <summary>What the helpers use.</summary>
    private const string Common = """
        internal sealed class Holder
        {
            public Task<int> Task { get; } = System.Threading.Tasks.Task.Run(() => 1);
            public TaskCompletionSource<int> Source { get; } = new();
        }

        internal sealed class Rest
        {
            public SnapshotInfo? Stat(string key) => null;
            public SnapshotInfo Update(SnapshotInfo info) => info;
            public SnapshotUsage? Usage(string key) => null;
            public Mount? Mounts(string key) => null;
            public Mount Prepare(string key) => Mount.Bind(key);
            public Mount View(string key) => Mount.ReadOnlyBind(key);
            public void Commit(string name, string key) { }
            public void Remove(string key) { }
            public IEnumerable<SnapshotInfo> Walk() => [];
            public void Cleanup() { }
        }
        """;
}
