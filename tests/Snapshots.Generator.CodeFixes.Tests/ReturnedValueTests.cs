using Containerd.Snapshots.Generator.CodeFixes.Fixes;
using Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes;

/// <summary>How returned values change with the return type.</summary>
internal sealed class ReturnedValueTests
{
    private static readonly Fix Fix = new(new ReturnTypeFixProvider());

    [TestCase("bool Remove(string key) => true;", "void Remove(string key) { }")]
    [TestCase("bool Remove(string key) => Work(key); // So.", "SnapshotResult Remove(string key) => Work(key) ? SnapshotResult.Success : SnapshotResult.Failure(SnapshotterError.Unknown, \"Remove failed\"); // So.")]
    [TestCase("bool Remove(string key) => key == \"\" || Work(key);", "SnapshotResult Remove(string key) => key == \"\" || Work(key) ? SnapshotResult.Success : SnapshotResult.Failure(SnapshotterError.Unknown, \"Remove failed\");")]
    [TestCase("bool Remove(string key) => throw new NotImplementedException();", "void Remove(string key) => throw new NotImplementedException();")]
    [TestCase("async Task<bool> Remove(string key) => await WorkAsync(key);", "async Task<SnapshotResult> Remove(string key) => await WorkAsync(key) ? SnapshotResult.Success : SnapshotResult.Failure(SnapshotterError.Unknown, \"Remove failed\");")]
    [TestCase("Task<bool> Remove(string key) => WorkAsync(key);", "async Task<SnapshotResult> Remove(string key) => await WorkAsync(key) ? SnapshotResult.Success : SnapshotResult.Failure(SnapshotterError.Unknown, \"Remove failed\");")]
    public Task An_expression(string before, string after) => Fix.AssertTurnsAsync(Class(before), Class(after));

    [TestCase("bool", "SnapshotResult")]
    [TestCase("async Task<bool>", "async Task<SnapshotResult>")]
    [TestCase("async ValueTask<bool>", "async ValueTask<SnapshotResult>")]
    public Task Statements(string before, string after)
    {
        var wait = before.StartsWith("async", StringComparison.Ordinal) ? "await Task.Yield();" : "Work(key);";

        return Fix.AssertTurnsAsync(
            Class($$"""
                {{before}} Remove(string key)
                    {
                        {{wait}}
                        if (key == "")
                            return Work(key) && true; // Nothing.
                        if (key == "a")
                        {
                            return Work(key); // One.
                        }

                        Func<bool> other = () => { return true; };
                        if (other())
                            return false;

                        return true;
                    }
                """),
            Class($$"""
                {{after}} Remove(string key)
                    {
                        {{wait}}
                        if (key == "")
                            return Work(key) && true ? SnapshotResult.Success : SnapshotResult.Failure(SnapshotterError.Unknown, "Remove failed"); // Nothing.
                        if (key == "a")
                        {
                            return Work(key) ? SnapshotResult.Success : SnapshotResult.Failure(SnapshotterError.Unknown, "Remove failed"); // One.
                        }

                        Func<bool> other = () => { return true; };
                        if (other())
                            return SnapshotResult.Failure(SnapshotterError.Unknown, "Remove failed");

                        return SnapshotResult.Success;
                    }
                """));
    }

    [TestCase("bool Remove(string key) { return Work(key); }", "SnapshotResult Remove(string key) { return Work(key) ? SnapshotResult.Success : SnapshotResult.Failure(SnapshotterError.Unknown, \"Remove failed\"); }")]
    [TestCase("bool Remove(string key) { return true; }", "void Remove(string key) { return; }")]
    public Task In_a_line(string before, string after) => Fix.AssertTurnsAsync(Class(before), Class(after));

    [TestCase("Task<IAsyncEnumerable<SnapshotInfo>> Walk() => Task.FromResult(Infos());", "IAsyncEnumerable<SnapshotInfo> Walk() => Infos();")]
    [TestCase("ValueTask<IAsyncEnumerable<SnapshotInfo>> Walk() { return ValueTask.FromResult(Infos()); }", "IAsyncEnumerable<SnapshotInfo> Walk() { return Infos(); }")]
    public Task In_a_task(string before, string after) => Fix.AssertTurnsAsync(Class(before), Class(after));

    [TestCase("IEnumerable<SnapshotInfo>")]
    [TestCase("IAsyncEnumerable<SnapshotInfo>")]
    public Task Of_two_kinds(string type) => (Fix with { Title = $"Return '{type}'" }).AssertTurnsAllAsync(
        Class("Both Walk() => null!;"), Class($"{type} Walk() => null!;"));

    private static string Class(string method) => $$"""
        internal abstract class Both : IEnumerable<SnapshotInfo>, IAsyncEnumerable<SnapshotInfo>
        {
            public abstract IEnumerator<SnapshotInfo> GetEnumerator();
            public abstract IAsyncEnumerator<SnapshotInfo> GetAsyncEnumerator(CancellationToken cancellationToken);
            System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
        }

        [Snapshotter]
        internal partial class Example
        {
            public {{method}}

            internal static bool Work(string key) => key.Length > 0;

            internal static Task<bool> WorkAsync(string key) => Task.FromResult(key.Length > 0);

            internal static IAsyncEnumerable<SnapshotInfo> Infos() => throw new NotImplementedException();
        }
        """;
}
