using Containerd.Snapshots.Generator.CodeFixes.Fixes;
using Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes;

/// <summary>Passing on a token that a call takes but does not use.</summary>
internal sealed class PassTokenTests
{
    private static readonly Fix Fix = new(new TokenFixProvider());

    [TestCase("await Task.Delay(1);", "await Task.Delay(1, token);")]
    [TestCase("await Task.Delay(/* one */ 1 /* ms */).ConfigureAwait(false); // So.", "await Task.Delay(/* one */ 1, token /* ms */).ConfigureAwait(false); // So.")]
    [TestCase("await Task.Delay(millisecondsDelay: 1);", "await Task.Delay(millisecondsDelay: 1, cancellationToken: token);")]
    [TestCase("await OptionalAsync();", "await OptionalAsync(cancellationToken: token);")]
    [TestCase("await OptionalAsync(1);", "await OptionalAsync(1, token);")]
    [TestCase("await OptionalAsync(number: 1);", "await OptionalAsync(number: 1, cancellationToken: token);")]
    [TestCase("await key.ExtendedAsync();", "await key.ExtendedAsync(token);")]
    [TestCase("_ = await Generic(key);", "_ = await Generic(key, token);")]
    [TestCase("await OptionalAsync(await Generic(1));", "await OptionalAsync(await Generic(1, token), token);")]
    [TestCase("using var file = File.OpenRead(key); await file.ReadExactlyAsync(new byte[1], 0, 1);", "using var file = File.OpenRead(key); await file.ReadExactlyAsync(new byte[1], 0, 1, token);")]
    [TestCase("await Task.WhenAll(Task.Delay(1), Task.Delay(2));", "await Task.WhenAll(Task.Delay(1, token), Task.Delay(2, token));")]
    [TestCase("var task = Task.Delay(1); await task;", "var task = Task.Delay(1, token); await task;")]
    public Task To_what_takes_one(string before, string after) => Fix.AssertTurnsAsync(Class(before), Class(after));

    [TestCase("await Run(async () => await Task.Delay(1));", "await Run(async () => await Task.Delay(1, token));")]
    [TestCase("await Local(); async Task Local() => await Task.Delay(1);", "await Local(); async Task Local() => await Task.Delay(1, token);")]
    [TestCase("await Task.Delay(1); await Run(static async () => await Task.Delay(1));", "await Task.Delay(1, token); await Run(static async () => await Task.Delay(1));")]
    [TestCase("await Task.Delay(1); await Each(async (CancellationToken _) => await Task.Delay(1));", "await Task.Delay(1, token); await Each(async (CancellationToken _) => await Task.Delay(1));")]
    public Task In_functions_that_can_capture_it(string before, string after) => Fix.AssertTurnsAsync(Class(before), Class(after));

    [TestCase("Numbers()", "Numbers().WithCancellation(token)")]
    [TestCase("Numbers().ConfigureAwait(false)", "Numbers().WithCancellation(token).ConfigureAwait(false)")]
    [TestCase("All", "All.WithCancellation(token)")]
    [TestCase("this.All", "this.All.WithCancellation(token)")]
    [TestCase("Numbered(1)", "Numbered(1, token)")]
    [TestCase("Numbered(1).ConfigureAwait(false)", "Numbered(1, token).ConfigureAwait(false)")]
    public Task To_a_loop(string before, string after) => Fix.AssertTurnsAsync(
        Class($"await foreach (var each in {before}) _ = each;"), Class($"await foreach (var each in {after}) _ = each;"));

    [Test]
    public Task Not_to_cleanup_code() => Fix.AssertTurnsAsync(
        Class("try { await Task.Delay(1); } catch (IOException) { await Task.Delay(2); } finally { await Task.Delay(3); }"),
        Class("try { await Task.Delay(1, token); } catch (IOException) { await Task.Delay(2); } finally { await Task.Delay(3); }"));

    [Test]
    public Task Not_to_work_that_has_a_token() => Fix.AssertTurnsAsync(
        Class("await Task.Delay(1); await Task.Delay(2, CancellationToken.None);"), Class("await Task.Delay(1, token); await Task.Delay(2, CancellationToken.None);"));

    [Test]
    public Task In_an_override() => Fix.AssertTurnsAsync(
        Class("await Task.Delay(1);", "override"), Class("await Task.Delay(1, token);", "override"));

    [Test]
    public Task Nothing_where_nothing_takes_one() => Fix.AssertOffersAsync(Class("await Task.Yield();"));

    [Test]
    public Task All_in_a_document() => Fix.AssertTurnsAllAsync(
        Class("await Task.Delay(1);") + Another("await Task.Delay(1);"), Class("await Task.Delay(1, token);") + Another("await Task.Delay(1, token);"));

    private static string Another(string body) => $$"""

        [Snapshotter]
        internal partial class Another
        {
            public async Task Cleanup(CancellationToken token) { {{body}} }
        }
        """;

    private static string Class(string body, string modifier = "") => $$"""
        internal static class Extensions
        {
            public static Task ExtendedAsync(this string key, CancellationToken cancellationToken = default) => Task.Delay(key.Length, cancellationToken);
        }

        internal class Base
        {
            public virtual Task Remove(string key, CancellationToken token) => Task.CompletedTask;
        }

        [Snapshotter]
        internal partial class Example{{(modifier.Length > 0 ? " : Base" : "")}}
        {
            public {{modifier}} async Task Remove(string key, CancellationToken token)
            {
                {{body}}
            }

            internal IAsyncEnumerable<int> All => Numbers();

            internal static Task Run(Func<Task> work) => work();

            internal static Task Each(Func<CancellationToken, Task> work) => work(default);

            internal static Task OptionalAsync(int number = 1, CancellationToken cancellationToken = default) => Task.Delay(number, cancellationToken);

            internal static Task<T> Generic<T>(T value) => Generic(value, default);

            internal static async Task<T> Generic<T>(T value, CancellationToken cancellationToken)
            {
                await Task.Delay(1, cancellationToken);
                return value;
            }

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
