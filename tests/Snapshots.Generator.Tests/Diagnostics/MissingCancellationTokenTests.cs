namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>Calls that wait for cancelable work without taking a token.</summary>
internal sealed class MissingCancellationTokenTests
{
    [TestCase("async Task [|Remove|](string key) => await Task.Delay(1);")]
    [TestCase("async Task [|RemoveAsync|](string key) { await File.WriteAllTextAsync(key, key).ConfigureAwait(false); }")]
    [TestCase("async Task [|Remove|](string key) => await WorkAsync(key, 3);")]
    [TestCase("async Task [|Remove|](string key) => await Task.WhenAll(Task.Delay(1), Task.CompletedTask);")]
    [TestCase("async Task [|Remove|](string key) => await (key == \"\" ? Task.Delay(1) : Task.CompletedTask);")]
    [TestCase("Task [|Remove|](string key) => Task.Delay(1);")]
    [TestCase("async Task [|Remove|](string key, SnapshotContext context) { await foreach (var _ in Numbers()) { } }")]
    [TestCase("async Task [|Remove|](string key) { await foreach (var _ in Numbers().ConfigureAwait(false)) { } }")]
    [TestCase("async Task [|Remove|](string key) { await foreach (var _ in Numbered(1)) { } }")]
    [TestCase("async Task<SnapshotInfo?> [|Stat|](string key) { await Task.Delay(1); return null; }")]
    [TestCase("async IAsyncEnumerable<SnapshotInfo> [|Walk|]() { await Task.Delay(1); yield break; }")]
    [TestCase("partial Task Cleanup(); public async partial Task [|Cleanup|]() => await Task.Delay(1);")]
    [TestCase("async Task [|Remove|](string key) { try { await Task.Delay(1); } catch (IOException) { } }")]
    public void Missing(string method) => Flaws.AssertAre(Class(method), "SNAP0055");

    [TestCase("async Task Remove(string key, CancellationToken cancellationToken) { await Task.Delay(1); await Task.Delay(1, cancellationToken); }")]
    [TestCase("async Task Remove(string key) => await Task.Yield();")]
    [TestCase("async Task Remove(string key) => await Done();")]
    [TestCase("async Task Remove(string key) => await Task.Delay(1, CancellationToken.None);")]
    [TestCase("async Task Remove(string key) { await Task.Yield(); _ = Task.Delay(1); }")]
    [TestCase("async Task Remove(string key) { Func<Task> later = async () => await Task.Delay(1); await Task.Yield(); _ = later; }")]
    [TestCase("async Task Remove(string key) { try { await Done(); } finally { await Task.Delay(1); } }")]
    [TestCase("async Task Remove(string key) { try { await Done(); } catch (IOException) { await Task.Delay(1); } }")]
    [TestCase("async Task Remove(string key) => await Done().ContinueWith(_ => { }, TaskScheduler.Default);")]
    [TestCase("async Task Remove(string key) { await foreach (var _ in Numbers().WithCancellation(CancellationToken.None)) { } }")]
    [TestCase("async Task Remove(string key) => await Task.Run(() => { });")]
    [TestCase("async Task Remove(string key) => await Hidden.Work();")]
    [TestCase("virtual async Task Remove(string key) => await Task.Delay(1);")]
    [TestCase("override async Task Commit(string name, string key) => await Task.Delay(1);")]
    [TestCase("async Task Cleanup() => await Task.Delay(1);")]
    [TestCase("void Remove(string key) => File.WriteAllText(key, key);")]
    public void A_token_is_passed_or_not_needed(string method) => Flaws.AssertNone(Class(method));

    private static string Class(string method) => $$"""
        internal interface ICleans
        {
            Task Cleanup();
        }

        internal abstract class Base
        {
            public virtual Task Commit(string name, string key) => Task.CompletedTask;
        }

        internal static class Hidden
        {
            public static Task Work() => Work(default);
            private static Task Work(CancellationToken cancellationToken) => Task.Delay(1, cancellationToken);
        }

        [Snapshotter]
        internal partial class Example : Base{{(method.StartsWith("async Task Cleanup", StringComparison.Ordinal) ? ", ICleans" : "")}}
        {
            public {{method}}

            internal static Task Done() => Task.CompletedTask;

            internal static Task WorkAsync(string key, int number, bool more = false, CancellationToken cancellationToken = default) =>
                Task.Delay(more ? number : key.Length, cancellationToken);

            internal static async IAsyncEnumerable<int> Numbers()
            {
                await Task.Yield();
                yield return 1;
            }

            internal static IAsyncEnumerable<int> Numbered(int number, CancellationToken cancellationToken = default) =>
                number > 0 && !cancellationToken.IsCancellationRequested ? Numbers() : throw new OperationCanceledException();
        }
        """;
}
