namespace Containerd.Snapshots.Tests.Generator.Calls;

/// <summary>The types in which mounts and infos can be returned.</summary>
internal sealed class PayloadTests
{
    private static readonly string[] MountsTypes =
    [
        "Mount[]", "List<Mount>", "ImmutableArray<Mount>", "IReadOnlyList<Mount>", "ICollection<Mount>", "HashSet<Mount>", "SomeMounts",
    ];

    private static readonly (string Name, string Type, string Body)[] Walks =
    [
        ("Array", "SnapshotInfo[]", "=> All().ToArray();"),
        ("Iterator", "IEnumerable<SnapshotInfo>", "{ foreach (var info in All()) yield return info; }"),
        ("List", "List<SnapshotInfo>", "=> All().ToList();"),
        ("Task", "async Task<IReadOnlyList<SnapshotInfo>>", "{ await Task.Yield(); return All().ToList(); }"),
        ("ValueTask", "ValueTask<ImmutableArray<SnapshotInfo>>", "=> new(All().ToImmutableArray());"),
        ("Stream", "async IAsyncEnumerable<SnapshotInfo>", "{ foreach (var info in All()) { await Task.Yield(); yield return info; } }"),
        ("Result", "SnapshotResult<SnapshotInfo[]>", "=> All().ToArray();"),
        ("ResultOfStream", "SnapshotResult<IAsyncEnumerable<SnapshotInfo>>", "=> SnapshotResult.Of(All().ToAsyncEnumerable());"),
    ];

    private CalledProgram _program = null!;

    [OneTimeSetUp]
    public async Task StartProgram() => _program = await CalledProgram.StartAllAsync(Source());

    [OneTimeTearDown]
    public async Task StopProgram() => await _program.DisposeAsync();

    private static IEnumerable<int> MountsNumbers => Enumerable.Range(0, MountsTypes.Length);

    private static IEnumerable<string> WalkNames => Walks.Select(walk => walk.Name);

    [TestCaseSource(nameof(MountsNumbers))]
    public async Task Mounts_of_any_enumerable_type(int type) => Assert.That(
        await _program.Calls.CallAsync("View", $"Mounts{type}", "default"), Is.EqualTo("/first /second"), MountsTypes[type]);

    [Test]
    public async Task One_mount() => Assert.That(await _program.Calls.CallAsync("View", "OneMount", "default"), Is.EqualTo("/only"));

    [Test]
    public async Task Mounts_of_an_iterator() => Assert.That(await _program.Calls.CallAsync("View", "IteratedMounts", "default"), Is.EqualTo("/first /second"));

    // The client asks for names other than "other".
    [TestCaseSource(nameof(WalkNames))]
    public async Task A_walk_that_takes_no_filter_is_filtered(string walk) =>
        Assert.That(await _program.Calls.CallAsync("Walk", $"All{walk}", "default"), Is.EqualTo("layer last"));

    [TestCaseSource(nameof(WalkNames))]
    public async Task A_walk_that_takes_the_filter_answers_for_it(string walk) =>
        Assert.That(await _program.Calls.CallAsync("Walk", $"ByFilter{walk}", "default"), Is.EqualTo("layer other last"));

    [TestCaseSource(nameof(WalkNames))]
    public async Task A_walk_that_takes_the_filters_answers_for_them(string walk) =>
        Assert.That(await _program.Calls.CallAsync("Walk", $"ByFilters{walk}", "default"), Is.EqualTo("layer other last"));

    [Test]
    public async Task A_walk_can_apply_the_filter_itself() =>
        Assert.That(await _program.Calls.CallAsync("Walk", "Filtering", "default"), Is.EqualTo("layer last"));

    private static string Source() => $$"""
        {{string.Concat(MountsTypes.Select((type, number) => $$"""
            [Snapshotter]
            internal sealed partial class Mounts{{number}}
            {
                public {{type}} View() => [Mount.Bind("/first"), Mount.Bind("/second")];
            }

            """))}}
        {{string.Concat(Walks.Select(walk => Walk("All", walk, "") + Walk("ByFilter", walk, "SnapshotFilter filter") + Walk("ByFilters", walk, "IReadOnlyList<string> filters")))}}
        [Snapshotter]
        internal sealed partial class OneMount
        {
            public Mount View() => Mount.Bind("/only");
        }

        [Snapshotter]
        internal sealed partial class IteratedMounts
        {
            public IEnumerable<Mount> View()
            {
                yield return Mount.Bind("/first");
                yield return Mount.Bind("/second");
            }
        }

        [Snapshotter]
        internal sealed partial class Filtering
        {
            public IEnumerable<SnapshotInfo> Walk(SnapshotFilter filter) => Infos.All().Where(filter.Matches);
        }

        internal static class Infos
        {
            public static IEnumerable<SnapshotInfo> All() =>
                new[] { "layer", "other", "last" }.Select(name => new SnapshotInfo { Name = name, Kind = SnapshotKind.Committed });
        }

        internal struct SomeMounts : IEnumerable<Mount>
        {
            private List<Mount>? _mounts;

            public void Add(Mount mount) => (_mounts ??= []).Add(mount);
            public readonly IEnumerator<Mount> GetEnumerator() => _mounts!.GetEnumerator();
            readonly System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
        }
        """;

    private static string Walk(string prefix, (string Name, string Type, string Body) walk, string parameter) => $$"""
        [Snapshotter]
        internal sealed partial class {{prefix}}{{walk.Name}}
        {
            public {{walk.Type}} Walk({{parameter}}) {{walk.Body}}
            private static IEnumerable<SnapshotInfo> All() => Infos.All();
        }

        """;
}
