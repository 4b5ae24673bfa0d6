using Containerd.Snapshots.Generator.CodeFixes.Fixes;
using Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes;

/// <summary>Returning a result that a call discards.</summary>
internal sealed class DiscardedResultTests
{
    private static readonly Fix Fix = new(new DiscardedResultFixProvider());

    [TestCase("if (key == \"\") SnapshotResult.NotFound(key); // So.", "if (key == \"\") return SnapshotResult.NotFound(key); // So.")]
    [TestCase("if (key == \"\") { SnapshotResult.NotFound(key); }", "if (key == \"\") { return SnapshotResult.NotFound(key); }")]
    [TestCase("if (key == \"\") _ = SnapshotResult.NotFound(key);", "if (key == \"\") return SnapshotResult.NotFound(key);")]
    [TestCase("if (key == \"\") { } else SnapshotResult.InvalidArgument(key);", "if (key == \"\") { } else return SnapshotResult.InvalidArgument(key);")]
    public Task A_new_error(string before, string after) => Fix.AssertTurnsAsync(Class(before), Class(after));

    [TestCase("Check(key);", "if (Check(key) is { IsSuccess: false } failure)\n            return failure;")]
    [TestCase("this.Check(key); // So.", "if (this.Check(key) is { IsSuccess: false } failure)\n            return failure; // So.")]
    public Task The_result_of_a_helper(string before, string after) => Fix.AssertTurnsAsync(Class(before), Class(after));

    [Test]
    public Task In_a_file_with_tabs() => Fix.AssertTurnsAsync(
        Class("Check(key);").Replace("    ", "\t", StringComparison.Ordinal),
        Class("if (Check(key) is { IsSuccess: false } failure)\n            return failure;").Replace("    ", "\t", StringComparison.Ordinal));

    [Test]
    public Task In_an_async_call() => Fix.AssertTurnsAsync(
        Async("await CheckAsync(key);"), Async("if (await CheckAsync(key) is { IsSuccess: false } failure)\n            return failure;"));

    [TestCase("SnapshotResult.NotFound(key);")]
    [TestCase("foreach (var each in key) { SnapshotResult.NotFound(key); _ = each; }")]
    [TestCase("var failure = key; Check(failure);")]
    [TestCase("Find(key);")]
    [TestCase("Next?.Check(key);")]
    [TestCase("new List<string> { key }.ForEach(each => Check(each));")]
    [TestCase("Local(); void Local() { Check(key); }")]
    public Task Nothing_where_it_would_not_compile(string body) => Fix.AssertOffersAsync(Class(body));

    [TestCase("void")]
    [TestCase("Task")]
    public Task Nothing_in_a_call_without_results(string type) => Fix.AssertOffersAsync(
        $"[Snapshotter] internal partial class Example {{ public {(type == "Task" ? "async Task" : type)} Remove(string key) {{ {(type == "Task" ? "await Task.Yield(); " : "")}SnapshotResult.NotFound(key); }} }}");

    [Test]
    public Task All_in_a_document() => Fix.AssertTurnsAllAsync(
        Class("if (key == \"\") SnapshotResult.NotFound(key); if (key == \"/\") SnapshotResult.InvalidArgument(key);"),
        Class("if (key == \"\") return SnapshotResult.NotFound(key); if (key == \"/\") return SnapshotResult.InvalidArgument(key);"));

    private static string Class(string body) => $$"""
        [Snapshotter]
        internal partial class Example
        {
            public SnapshotResult Remove(string key)
            {
                {{body}}
                return SnapshotResult.Success;
            }

            internal Example? Next { get; set; }
            internal SnapshotResult Check(string key) => Next?.Check(key) ?? SnapshotResult.NotFound(key);
            internal static SnapshotResult<SnapshotInfo> Find(string key) => SnapshotResult.NotFound(key);
        }
        """;

    private static string Async(string body) => $$"""
        [Snapshotter]
        internal partial class Example
        {
            public async Task<SnapshotResult> Remove(string key)
            {
                {{body}}
                return SnapshotResult.Success;
            }

            internal static Task<SnapshotResult> CheckAsync(string key) => Task.Run(() => SnapshotResult.NotFound(key));
        }
        """;
}
