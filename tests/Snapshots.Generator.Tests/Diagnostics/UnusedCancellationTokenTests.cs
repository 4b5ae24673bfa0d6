namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>Async calls that take a token but never use it.</summary>
internal sealed class UnusedCancellationTokenTests
{
    [TestCase("async Task Remove(string key, CancellationToken [|cancellationToken|]) => await Task.Yield();")]
    [TestCase("async Task RemoveAsync(CancellationToken [|token|], string key) { await Task.Yield(); }")]
    [TestCase("async ValueTask Commit(string name, string key, CancellationToken [|cancellationToken|] = default) => await Task.Yield();")]
    [TestCase("async Task Cleanup(CancellationToken [|cancellationToken|]) { await foreach (var _ in Numbers()) { } }")]
    [TestCase("async Task Cleanup(CancellationToken [|cancellationToken|]) { await using var stream = new MemoryStream(); }")]
    [TestCase("async Task<Mount> View(string key, CancellationToken [|cancellationToken|]) { await Task.Yield(); return Mount.ReadOnlyBind(key); }")]
    [TestCase("async Task<SnapshotInfo> Update(SnapshotInfo info, CancellationToken [|cancellationToken|]) { await Task.Yield(); return info; }")]
    [TestCase("async Task Remove(string key, CancellationToken [|first|], CancellationToken second) => await Task.Yield();")]
    [TestCase("partial Task Cleanup(CancellationToken token); public async partial Task Cleanup(CancellationToken [|token|]) => await Task.Yield();")]
    public void Unused(string method) => Flaws.AssertAre(Class(method), "SNAP0051");

    [TestCase("async Task Remove(string key, CancellationToken cancellationToken) => await Task.Delay(1, cancellationToken);")]
    [TestCase("async Task Remove(string key, CancellationToken cancellationToken) { cancellationToken.ThrowIfCancellationRequested(); await Task.Yield(); }")]
    [TestCase("async Task Remove(string key, CancellationToken cancellationToken) => await Task.Run(() => cancellationToken.ThrowIfCancellationRequested());")]
    [TestCase("partial Task Cleanup(CancellationToken token); public async partial Task Cleanup(CancellationToken token) => await Task.Delay(1, token);")]
    [TestCase("async Task Remove(string key, CancellationToken first, CancellationToken second) => await Task.Delay(1, second);")]
    [TestCase("async Task Remove(string key) => await Task.Yield();")]
    [TestCase("Task Remove(string key, CancellationToken cancellationToken) => Task.CompletedTask;")]
    [TestCase("void Remove(string key, CancellationToken cancellationToken) { }")]
    [TestCase("async Task<SnapshotInfo?> Stat(string key, CancellationToken cancellationToken) { await Task.Yield(); return null; }")]
    public void A_token_is_used_or_not_needed(string method) => Flaws.AssertNone(Class(method));

    [Test]
    public void What_is_not_a_call_may_ignore_its_token() => Flaws.AssertNone(Class("""
        void Remove(string key) { }
        internal async Task Remove(int number, CancellationToken cancellationToken) => await Task.Yield();
        """));

    private static string Class(string method) => $$"""
        [Snapshotter]
        internal partial class Example
        {
            public {{method}}

            internal static async IAsyncEnumerable<int> Numbers()
            {
                await Task.Yield();
                yield return 1;
            }
        }
        """;
}
