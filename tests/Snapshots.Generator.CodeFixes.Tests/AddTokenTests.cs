using Containerd.Snapshots.Generator.CodeFixes.Fixes;
using Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes;

/// <summary>Adding a cancellation token to a call, and passing it on.</summary>
internal sealed class AddTokenTests
{
    private const string Token = "CancellationToken cancellationToken";

    private static readonly Fix Fix = new(new TokenFixProvider());

    [TestCase("Remove(string key)", $"Remove(string key, {Token})")]
    [TestCase("Cleanup()", $"Cleanup({Token})")]
    [TestCase("Remove(/* what */ string key /* so */)", $"Remove(/* what */ string key, {Token} /* so */)")]
    [TestCase("Remove(string key = \"\")", $"Remove(string key = \"\", {Token} = default)")]
    [TestCase("Remove(\n        string key)", $"Remove(\n        string key,\n        {Token})")]
    [TestCase("Remove(\n        string key,\n        SnapshotContext context\n    )", $"Remove(\n        string key,\n        SnapshotContext context,\n        {Token}\n    )")]
    public Task As_the_last_parameter(string before, string after) => Fix.AssertTurnsAsync(
        Class($"public async Task {before} => await Task.Delay(1);"), Class($"public async Task {after} => await Task.Delay(1, cancellationToken);"));

    [Test]
    public Task With_documentation_where_others_have_it() => Fix.AssertTurnsAsync(Documented("", "", ""), Documented(
        $", {Token}", ", cancellationToken", """

                /// <param name="cancellationToken">Canceled when the caller gives up or the deadline passes.</param>
            """));

    [Test]
    public Task To_both_parts_of_a_partial_method() => Fix.AssertTurnsAsync(
        Class("public partial Task Remove(string key = \"\"); public async partial Task Remove(string key) => await Task.Delay(1);"),
        Class($"public partial Task Remove(string key = \"\", {Token} = default); public async partial Task Remove(string key, {Token}) => await Task.Delay(1, cancellationToken);"));

    [Test]
    public Task To_an_iterator() => Fix.AssertTurnsAsync(
        Class("public async IAsyncEnumerable<SnapshotInfo> Walk() { await Task.Delay(1); yield break; }"),
        Class($"public async IAsyncEnumerable<SnapshotInfo> Walk([EnumeratorCancellation] {Token}) {{ await Task.Delay(1, cancellationToken); yield break; }}"));

    [Test]
    public Task To_the_definition_and_the_iterator_of_a_partial_method() => Fix.AssertTurnsAsync(
        Class("public partial IAsyncEnumerable<SnapshotInfo> Walk(); public async partial IAsyncEnumerable<SnapshotInfo> Walk() { await Task.Delay(1); yield break; }"),
        Class($"public partial IAsyncEnumerable<SnapshotInfo> Walk({Token}); public async partial IAsyncEnumerable<SnapshotInfo> Walk([EnumeratorCancellation] {Token}) {{ await Task.Delay(1, cancellationToken); yield break; }}"));

    [Test]
    public Task With_a_default_where_other_code_calls_it() => Fix.AssertTurnsAsync(
        [Class("public async Task Remove(string key) => await Task.Delay(1);"), Calling],
        [Class($"public async Task Remove(string key, {Token} = default) => await Task.Delay(1, cancellationToken);"), Calling]);

    [Test]
    public Task Without_a_default_where_only_documentation_names_it() => Fix.AssertTurnsAsync(
        Class("/// <summary>Not <see cref=\"Remove\"/>.</summary> */ public async Task Remove(string key) => await Task.Delay(1);".Replace(" */", "\n   ", StringComparison.Ordinal)),
        Class($"/// <summary>Not <see cref=\"Remove\"/>.</summary> */ public async Task Remove(string key, {Token}) => await Task.Delay(1, cancellationToken);".Replace(" */", "\n   ", StringComparison.Ordinal)));

    [TestCase("using System.Threading.Tasks;\n\n", "using System.Threading;\nusing System.Threading.Tasks;\n\n")]
    [TestCase("// A file.\r\n\r\nusing System.Threading.Tasks;\r\n\r\n", "// A file.\r\n\r\nusing System.Threading;\r\nusing System.Threading.Tasks;\r\n\r\n")]
    [TestCase("using System.Threading.Tasks;\nusing System.Threading;\n\n", "using System.Threading.Tasks;\nusing System.Threading;\n\n")]
    public Task With_its_namespace(string before, string after) => (Fix with { GlobalUsings = false }).AssertTurnsAsync(
        before + Nested("string key", "1"), after + Nested($"string key, {Token}", "1, cancellationToken"));

    [Test]
    public Task All_in_a_document() => Fix.AssertTurnsAllAsync(
        Class("public async Task Remove(string key) => await Task.Delay(1); public Task Cleanup() => Task.Delay(1);"),
        Class($"public async Task Remove(string key, {Token}) => await Task.Delay(1, cancellationToken); public Task Cleanup({Token}) => Task.Delay(1, cancellationToken);"));

    [Test]
    public Task Not_where_the_name_is_taken() => Fix.AssertOffersAsync(Class("""
        public async Task Remove(string key)
        {
            var cancellationToken = key;
            await Task.Delay(cancellationToken.Length);
        }
        """));

    [Test]
    public Task Not_where_there_is_such_a_method() => Fix.AssertOffersAsync(Class("""
        public async Task Remove(string key) => await Remove(key, default);
        private async Task Remove(string key, CancellationToken token) { await Task.Delay(1, token); await Task.Delay(1); }
        """.Replace("Remove(key, default)", "Task.Delay(1)", StringComparison.Ordinal)));

    private const string Calling = """
        internal static class Calling
        {
            public static Task AllAsync(Example example) => example.Remove("key");
        }
        """;

    private static string Class(string members) => $$"""
        [Snapshotter]
        internal sealed partial class Example
        {
            {{members}}
        }
        """;

    private static string Nested(string parameters, string arguments) => $$"""
        namespace User
        {
            internal static partial class Outer
            {
                [Containerd.Snapshots.Snapshotter]
                internal partial class Example
                {
                    public async Task Remove({{parameters}}) // Removes.
                    {
                        await Task.Delay({{arguments}}).ConfigureAwait(false); // At last.
                    }
                }
            }
        }
        """;

    private static string Documented(string parameter, string argument, string documentation) => $$"""
        [Snapshotter]
        internal partial class Example
        {
            /// <summary>Commits.</summary>
            /// <param name="name">The name.</param>
            /// <param name="key">
            /// The key.
            /// </param>{{documentation}}
            /// <returns>When it is done.</returns>
            public async Task Commit(string name, string key{{parameter}}) => await Task.Delay(1{{argument}});
        }
        """;
}
