using Containerd.Snapshots.Generator.CodeFixes.Fixes;
using Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes;

/// <summary>Awaiting what an async call waits for.</summary>
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
        after is null ? Fix.OffersAsync(Class(before)) : Fix.TurnsAsync(Class(before), Class(after));

    [Test]
    public Task Not_in_a_call_that_is_not_async() => Fix.OffersAsync(Class("Work().Wait();").Replace("async ", "", StringComparison.Ordinal).Replace("Task Remove", "void Remove", StringComparison.Ordinal).Replace("await Task.Delay(1, token);", "", StringComparison.Ordinal));

    [Test]
    public Task A_delay_without_a_token() => (Fix with { GlobalUsings = false, Left = ["SNAP0055"] }).TurnsAsync(
        Sleeping("Thread.Sleep(1)").Replace("using System.Threading;", "using System.Threading;\r\nusing System.Threading.Tasks;", StringComparison.Ordinal),
        Sleeping("await Task.Delay(1)").Replace("using System.Threading;", "using System.Threading;\r\nusing System.Threading.Tasks;", StringComparison.Ordinal));

    [Test]
    public Task A_task_in_a_task_from_the_inside() => (Fix with { Left = ["SNAP0050"] }).TurnsAsync(
        Class("_ = Task.FromResult(Work()).Result.Result;"), Class("_ = (await Task.FromResult(Work())).Result;"));

    [Test]
    public Task All_in_a_document() => Fix.TurnsAllAsync(
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
            internal static Task<string?> Text() => Task.FromResult<string?>(null);
            internal static Task<int> Add(int one, int other) => Task.FromResult(one + other);
            internal static ValueTask<int> ValueWork() => new(1);
        }
        """;

    private static string Sleeping(string wait) => $$"""
        using System.Threading;

        [Containerd.Snapshots.Snapshotter]
        internal partial class Example
        {
            public async Task Cleanup()
            {
                await Task.Yield();
                {{wait}};
            }
        }
        """.ReplaceLineEndings("\r\n");
}
