namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>What is wrong with a parameter.</summary>
internal sealed class ParameterTests
{
    [TestCase("string key, int [|retries|]")]
    [TestCase("string key, int [|retries|] = 3")]
    [TestCase("string [|Key|]")]
    [TestCase("string [|name|]")]
    [TestCase("string [|id|]")]
    [TestCase("string key, CancellationToken? [|cancellationToken|]")]
    [TestCase("string key, string [|parent|]")]
    [TestCase("string key, string [|context|]")]
    public void Unknown(string parameters) => Flaws.AssertAre(Remove(parameters, "{ }"), "SNAP0022");

    [TestCase("[|object|] key")]
    [TestCase("[|dynamic|] key")]
    [TestCase("[|ReadOnlySpan<char>|] key")]
    [TestCase("[|string[]|] key")]
    [TestCase("[|SnapshotInfo|] key")]
    public void Of_the_wrong_type(string parameters) => Flaws.AssertAre(Remove(parameters, "{ }"), "SNAP0023");

    [TestCase("[|IDictionary<string, string>|] labels")]
    [TestCase("[|Dictionary<string, string>|] labels")]
    [TestCase("[|IReadOnlyDictionary<string, object>|] labels")]
    [TestCase("[|ImmutableDictionary<string, string>|] labels")]
    public void Labels_of_the_wrong_type(string parameter) => Flaws.AssertAre($$"""
        [Snapshotter]
        internal partial class Example
        {
            public void Commit(string name, string key, {{parameter}}) { }
        }
        """, "SNAP0023");

    [TestCase("[|string[]|] filters")]
    [TestCase("[|IEnumerable<string>|] filters")]
    [TestCase("[|string|] filter")]
    [TestCase("[|IReadOnlyList<string>|] filter")]
    public void Filter_of_the_wrong_type(string parameter) => Flaws.AssertAre(Walk(parameter), "SNAP0023");

    [TestCase("IReadOnlyDictionary<string, string?>? labels")]
    [TestCase("IReadOnlyDictionary<String, System.String> @labels")]
    [TestCase("string? parent = null, CancellationToken stop = default")]
    public void Nullability_and_spelling_of_a_type_do_not_count(string parameters) => Flaws.AssertNone($$"""
        [Snapshotter]
        internal partial class Example
        {
            public void Commit(string name, string key, {{parameters}}) { }
        }
        """);

    [TestCase("[|ref|] string key", "{ }")]
    [TestCase("[|in|] string key", "{ }")]
    [TestCase("[|ref|] readonly string key", "{ }")]
    [TestCase("[|out|] string key", "{ key = string.Empty; }")]
    [TestCase("[|ref|] int number", "{ }")]
    [TestCase("string key, [|in|] CancellationToken cancellationToken", "{ }")]
    public void By_reference(string parameters, string body) => Flaws.AssertAre(Remove(parameters, body), "SNAP0020");

    [TestCase("[|params|] string[] keys")]
    [TestCase("string key, [|params|] IEnumerable<string> more")]
    [TestCase("string key, [|params|] scoped ReadOnlySpan<string> more")]
    public void Params(string parameters) => Flaws.AssertAre(Remove(parameters, "{ }"), "SNAP0021");

    [Test]
    public void Params_of_the_type_that_would_bind() => Flaws.AssertAre(Walk("[|params|] IReadOnlyList<string> filters"), "SNAP0021");

    [Test]
    public void Variable_arguments() => Flaws.AssertAre("""
        [Snapshotter]
        internal partial class Example
        {
            public void [|Remove|](string key, __arglist) { }
        }
        """, "SNAP0021");

    [Test]
    public void Two_contexts() => Flaws.AssertAre(Remove("SnapshotContext first, string key, SnapshotContext [|second|]", "{ }"), "SNAP0024");

    [Test]
    public void Two_tokens_are_ordinary() => Flaws.AssertNone(Remove("CancellationToken first, string key, CancellationToken second", "{ }"));

    [TestCase("SnapshotFilter filter, IReadOnlyList<string> [|filters|]")]
    [TestCase("IReadOnlyList<string> filters, SnapshotFilter [|filter|]")]
    public void Both_filters(string parameters) => Flaws.AssertAre(Walk(parameters), "SNAP0025");

    [Test]
    public void Several_parameters() => Flaws.AssertAre(
        Remove("[|ref|] int Key, [|int|] key, string [|name|], [|params|] int[] more", "{ }"), "SNAP0020", "SNAP0023", "SNAP0022", "SNAP0021");

    [TestCase("Unknown key")]
    [TestCase("string key, Unknown unknown")]
    [TestCase("string key, List<Unknown> unknown")]
    [TestCase("string key, List<int>.Unknown[] unknown")]
    public void A_type_that_is_unknown_is_reported_only_by_the_compiler(string parameters)
    {
        var error = parameters.Contains('.', StringComparison.Ordinal) ? "CS0426" : "CS0246";

        Flaws.AssertNone(Remove(parameters, "{ }"), error);
    }

    private static string Remove(string parameters, string body) => $$"""
        [Snapshotter]
        internal partial class Example
        {
            public void Remove({{parameters}}) {{body}}
        }
        """;

    private static string Walk(string parameters) => $$"""
        [Snapshotter]
        internal partial class Example
        {
            public IEnumerable<SnapshotInfo> Walk({{parameters}}) => Array.Empty<SnapshotInfo>();
        }
        """;
}
