using Containerd.Snapshots.Tests.Generator.Compiling;

namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>What can be wrong with a fallback, and what is not.</summary>
internal sealed class FallbackTests
{
    private const string Part = """
        internal class Part
        {
            public SnapshotInfo? Stat(string key) => null;
            public Mount? Mounts(string key) => null;
            public Mount Prepare(string key) => Mount.Bind("/");
            public void Commit(string name, string key) { }
            public void Remove(string key) { }
            public SnapshotInfo[] Walk() => Array.Empty<SnapshotInfo>();
        }

        """;

    [Test]
    public void A_fallback_has_what_the_class_lacks() => Flaws.AssertNone(Class("[SnapshotterFallback] private readonly Part _part = new();"));

    [Test]
    public void What_class_and_fallback_lack_is_missing() => Flaws.AssertAre(
        """
        internal class Half
        {
            public Mount Prepare(string key) => Mount.Bind("/");
        }

        [Snapshotter]
        internal partial class [|Example|]
        {
            [SnapshotterFallback] private readonly Half _half = new();
            public void Remove(string key) { }
        }
        """,
        "SNAP0041");

    [TestCase("public void [|Remov|](string key) { }", "SNAP0040", TestName = "A misspelt call")]
    [TestCase("internal void [|Remove|](string key) { }", "SNAP0011", TestName = "A call that is not public")]
    [TestCase("public static void [|Remove|](string key) { }", "SNAP0012", TestName = "A static call")]
    [TestCase("public void Remove(string [|Key|]) { }", "SNAP0022", TestName = "A malformed call")]
    public void A_flaw_of_the_class_is_not_hidden_by_the_fallback(string method, string rule) =>
        Flaws.AssertAre(Class($"[SnapshotterFallback] private readonly Part _part = new(); {method}"), rule);

    [Test]
    public void There_is_one_fallback() => Flaws.AssertAre(
        Class("[SnapshotterFallback] private readonly Part _one = new(); [[|SnapshotterFallback|]] private readonly Part _two = new();"), "SNAP0060");

    [Test]
    public void It_is_not_static() => Flaws.AssertAre(Class("[SnapshotterFallback] private static readonly Part [|_part|] = new();"), "SNAP0061");

    [TestCase("public Part [|Set|] { set { } }")]
    [TestCase("public Part [|this|][int index] => new();")]
    public void It_can_be_read(string member) => Flaws.AssertAre(Class($"[SnapshotterFallback] {member}"), "SNAP0062");

    [TestCase("[SnapshotterFallback] private readonly Part _part = new();", "", "SNAP0062")]
    [TestCase("[SnapshotterFallback] protected readonly Part _part = new();", "private new readonly int _part = 1; public int Get() => _part;", "SNAP0062")]
    public void It_can_be_read_in_a_derived_class(string member, string own, string rule) => Flaws.AssertAre(
        $$"""
        {{Part}}
        internal class Base
        {
            {{member}}
        }

        [Snapshotter]
        internal partial class [|Example|] : Base
        {
            {{own}}
        }
        """,
        rule);

    [TestCase("object")]
    [TestCase("string")]
    [TestCase("int?")]
    [TestCase("Part[]")]
    [TestCase("dynamic")]
    [TestCase("Action")]
    public void Its_type_has_calls(string type) => Flaws.AssertAre(Class($"[SnapshotterFallback] private {type} [|Fallback|] {{ get; }} = default!;"), "SNAP0063");

    [Test]
    public void It_is_no_type_parameter() => Flaws.AssertAreWithoutHost(
        $$"""
        {{Part}}
        [Snapshotter]
        internal partial class Generic<T>
            where T : Part, new()
        {
            [SnapshotterFallback] private readonly T [|_part|] = new();
        }
        """,
        "SNAP0063");

    [Test]
    public void One_of_its_methods_fits_best() => Flaws.AssertAre(
        """
        internal class Several
        {
            public Task RemoveAsync(string key) => Task.CompletedTask;
            public ValueTask Remove(string key) => default;
        }

        [Snapshotter]
        internal partial class Example
        {
            [SnapshotterFallback] private readonly Several [|_part|] = new();
        }
        """,
        "SNAP0064");

    [Test]
    public void Its_methods_fit_the_calls_that_the_class_lacks() => Flaws.AssertAre(
        """
        internal class Misfit
        {
            public SnapshotInfo? Stat(string key) => null;
            public SnapshotUsage? Usage(int number) => null;
            public void Remove(int number) { }
        }

        [Snapshotter]
        internal partial class Example
        {
            [[|SnapshotterFallback|]] private readonly Misfit _part = new();
            public void Remove(string key) => _part.Remove(key.Length);
        }
        """,
        "SNAP0065");

    [TestCase("IDisposable", "public void Dispose() { }")]
    [TestCase("IAsyncDisposable", "public ValueTask DisposeAsync() => default;")]
    public void It_is_disposed(string type, string method) => Flaws.AssertAre(
        $$"""
        internal class Disposable : {{type}}
        {
            public void Remove(string key) { }
            {{method}}
        }

        [Snapshotter]
        internal partial class Example
        {
            [SnapshotterFallback] private readonly Disposable [|_part|] = new();
        }

        [Snapshotter]
        internal partial class Disposing : IDisposable
        {
            [SnapshotterFallback] private readonly Disposable _part = new();
            public void Dispose() => (_part as IDisposable)?.Dispose();
        }
        """,
        "SNAP0066");

    [Test]
    public void A_snapshotter_that_is_malformed_has_its_own_error_alone() => Flaws.AssertAreWithoutHost(
        """
        [Snapshotter]
        internal class [|Part|]
        {
            public void Remove(string key) { }
        }

        [Snapshotter]
        internal partial class Example
        {
            [SnapshotterFallback] private readonly Part _part = new();
        }
        """,
        "SNAP0004");

    [Test]
    public void Decorators_of_decorators_lack_nothing() => Flaws.AssertNone(Part + """
        [Snapshotter]
        internal partial class Inner
        {
            [SnapshotterFallback] private readonly Part _part = new();
        }

        [Snapshotter]
        internal partial class Example
        {
            [SnapshotterFallback] private readonly Inner _inner = new();
            public Mount Prepare(string key) => Mount.Bind("/");
        }
        """);

    [Test]
    public void A_type_that_does_not_exist_is_the_compilers() =>
        Flaws.AssertNone(Class("[SnapshotterFallback] private readonly Missing _part = new();"), "CS0246");

    private static string Class(string members) => $$"""
        {{Part}}
        [Snapshotter]
        internal partial class Example
        {
            {{members}}
        }
        """;
}
