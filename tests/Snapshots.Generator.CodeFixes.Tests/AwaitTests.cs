using Containerd.Snapshots.Generator.CodeFixes.Fixes;
using Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes;

/// <summary>Awaiting a task that an async call blocks on.</summary>
internal sealed class AwaitTests
{
    private static readonly Fix Fix = new(new AwaitFixProvider());

    [TestCase("_ = Work().Result;", "_ = await Work();")]
    [TestCase("_ = ValueWork().Result + 1;", "_ = await ValueWork() + 1;")]
    [TestCase("_ = Work().Result.ToString();", "_ = (await Work()).ToString();")]
    [TestCase("_ = Text().Result!.Length;", "_ = (await Text())!.Length;")]
    [TestCase("_ = Text().Result?.Length;", "_ = (await Text())?.Length;")]
    [TestCase("Work().Wait(); // So.", "await Work(); // So.")]
    [TestCase("var task = Work();\n        task.Wait();", "var task = Work();\n        await task;")]
    [TestCase("Work().GetAwaiter().GetResult();", "await Work();")]
    [TestCase("Work()\n            .ConfigureAwait(false)\n            .GetAwaiter()\n            .GetResult();", "await Work()\n            .ConfigureAwait(false);")]
    [TestCase("Thread.Sleep(1);", "await Task.Delay(1, token);")]
    [TestCase("System.Threading.Thread.Sleep(TimeSpan.Zero /* so */);", "await Task.Delay(TimeSpan.Zero, token /* so */);")]
    [TestCase("Work().Wait(1000);", null)]
    [TestCase("Work()?.Wait();", null)]
    [TestCase("lock (key) { Work().Wait(); }", null)]
    public Task Any_form(string before, string? after) =>
        after is null ? Fix.AssertOffersAsync(Class(before)) : Fix.AssertTurnsAsync(Class(before), Class(after));

    [Test]
    public Task Not_in_a_call_that_is_not_async() => Fix.AssertOffersAsync(Class("Work().Wait();").Replace("async ", "", StringComparison.Ordinal).Replace("Task Remove", "void Remove", StringComparison.Ordinal).Replace("await Task.Delay(1, token);", "", StringComparison.Ordinal));

    // The awaited work is cancelable, so a call without a token would get another diagnostic.
    [TestCase("Thread.Sleep(1);", "await Task.Delay(1, cancellationToken);")]
    [TestCase("Thread.Sleep(1); _ = Longer(1).Result;", "await Task.Delay(1, cancellationToken); _ = await Longer(1, cancellationToken);")]
    [TestCase("_ = Longer(1).Result; await Task.Yield();", "_ = await Longer(1, cancellationToken); await Task.Yield();")]
    public Task A_call_without_a_token(string before, string after) => (Fix with { GlobalUsings = false }).AssertTurnsAllAsync(
        Call(before, ""), Call(after, "CancellationToken cancellationToken"));

    [TestCase("try { } finally { Thread.Sleep(1); }", "try { } finally { await Task.Delay(1); }")]
    [TestCase("Work().Wait();", "await Work();")]
    public Task No_token_where_none_is_missing(string before, string after) => (Fix with { GlobalUsings = false }).AssertTurnsAsync(Call(before, ""), Call(after, ""));

    [TestCase("_ = Longer(1).Result;", "_ = await Longer(1, cancellationToken);")]
    public Task A_token_that_is_there_is_passed(string before, string after) => (Fix with { GlobalUsings = false }).AssertTurnsAsync(
        Call(before, "CancellationToken cancellationToken"), Call(after, "CancellationToken cancellationToken"));

    [Test]
    public Task A_task_in_a_task_from_the_inside() => (Fix with { Left = ["SNAP0050"] }).AssertTurnsAsync(
        Class("_ = Started().Result.Result;"), Class("_ = (await Started()).Result;"));

    [TestCase("Gate.Wait();", "await Gate.WaitAsync(token);")]
    [TestCase("Gate.Wait(token);", "await Gate.WaitAsync(token);")]
    [TestCase("if (!Gate.Wait(1000)) return; // So.", "if (!await Gate.WaitAsync(1000, token)) return; // So.")]
    [TestCase("_ = Gate.Wait(1000).ToString();", "_ = (await Gate.WaitAsync(1000, token)).ToString();")]
    [TestCase("Task.WaitAll(Work(), Work());", "await Task.WhenAll(Work(), Work());")]
    [TestCase("Task.WaitAny(Work(), Work());", "await Task.WhenAny(Work(), Work());")]
    [TestCase("System.Diagnostics.Process.Start(key).WaitForExit();", "await System.Diagnostics.Process.Start(key).WaitForExitAsync(token);")]
    [TestCase("Task.WaitAll([Work()], 1000);", null)]
    [TestCase("System.Diagnostics.Process.Start(key).WaitForExit(1000);", null)]
    [TestCase("Done.Wait();", null)]
    [TestCase("new Thread(() => { }).Join();", null)]
    public Task What_blocks_otherwise(string before, string? after) =>
        after is null ? Fix.AssertOffersAsync(Class(before)) : Fix.AssertTurnsAsync(Class(before), Class(after));

    [Test]
    public Task All_in_a_document() => Fix.AssertTurnsAllAsync(
        Class("_ = Add(Work().Result, Work().Result).Result; Work().Wait();"), Class("_ = await Add(await Work(), await Work()); await Work();"));

    private static string Class(string body) => $$"""
        [Snapshotter]
        internal partial class Example
        {
            public async Task Remove(string key, CancellationToken token)
            {
                {{body}}
                await Task.Delay(1, token);
            }

            internal static Task<int> Work() => Task.FromResult(1);
            internal static Task<Task<int>> Started() => Task.FromResult(Work());
            internal static SemaphoreSlim Gate { get; } = new(1);
            internal static ManualResetEventSlim Done { get; } = new();
            internal static Task<string?> Text() => Task.FromResult<string?>(null);
            internal static Task<int> Add(int one, int other) => Task.FromResult(one + other);
            internal static ValueTask<int> ValueWork() => new(1);
        }
        """;

    private static string Call(string body, string parameter) => $$"""
        using System.Threading;
        using System.Threading.Tasks;

        [Containerd.Snapshots.Snapshotter]
        internal partial class Example
        {
            public async Task Cleanup({{parameter}})
            {
                {{body}}
            }

            internal static Task Work() => Task.CompletedTask;
            internal static Task<int> Longer(int count, CancellationToken cancellationToken = default) => Task.FromResult(count);
        }
        """.ReplaceLineEndings("\r\n");
}
