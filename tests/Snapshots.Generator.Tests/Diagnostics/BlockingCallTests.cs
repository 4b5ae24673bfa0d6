namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>Calls that block their thread while they wait.</summary>
internal sealed class BlockingCallTests
{
    [TestCase("_ = Work().[|Result|];")]
    [TestCase("_ = ValueWork().[|Result|];")]
    [TestCase("Work().[|Wait|]();")]
    [TestCase("Work().[|Wait|](1000);")]
    [TestCase("Work()?.[|Wait|]();")]
    [TestCase("Work().GetAwaiter().[|GetResult|]();")]
    [TestCase("ValueWork().GetAwaiter().[|GetResult|]();")]
    [TestCase("Work().ConfigureAwait(false).GetAwaiter().[|GetResult|]();")]
    [TestCase("ValueWork().ConfigureAwait(false).GetAwaiter().[|GetResult|]();")]
    [TestCase("Thread.[|Sleep|](1);")]
    [TestCase("Thread.[|Sleep|](TimeSpan.Zero);")]
    [TestCase("var task = Work(); _ = task.[|Result|];")]
    [TestCase("Task first = Work(), second = Work(); if (first.IsCompleted) second.[|Wait|]();")]
    [TestCase("if (key.Length > 0) { foreach (var each in key) { Work().[|Wait|](); } }")]
    public void Blocking(string body) => Flaws.AssertAre(Class($$"""public void Remove(string key) { {{body}} }"""), "SNAP0050");

    [TestCase("public async Task Remove(string key) { await Work(); Work().[|Wait|](); }")]
    [TestCase("public async Task Remove(string key) { await WorkOn(key); WorkOn(key).[|Wait|](); }")]
    [TestCase("public SnapshotInfo? Stat(string key) => Work().[|Result|] > 0 ? null : null;")]
    [TestCase("public IEnumerable<SnapshotInfo> Walk() { Thread.[|Sleep|](1); yield break; }")]
    [TestCase("public partial void Remove(string key); public partial void Remove(string key) => Work().[|Wait|]();")]
    public void In_any_form_of_call(string method) => Flaws.AssertAre(Class(method), "SNAP0050");

    [TestCase("await Work(); await Task.Yield();")]
    [TestCase("var task = Work(); await task; _ = task.Result;")]
    [TestCase("Task<int> first = Work(), second = Work(); await Task.WhenAll(first, second); _ = first.Result + second.Result;")]
    [TestCase("var tasks = new[] { Work() }; await Task.WhenAll(tasks); _ = tasks[0].Result;")]
    [TestCase("var tasks = new[] { Work() }; await Task.WhenAll(tasks); foreach (var task in tasks) _ = task.Result;")]
    [TestCase("var first = await Task.WhenAny(Work(), Work()); _ = first.Result;")]
    [TestCase("var task = ValueWork(); _ = task.IsCompletedSuccessfully ? task.Result : await task;")]
    [TestCase("var task = Work(); if (task.Status == TaskStatus.RanToCompletion) _ = task.GetAwaiter().GetResult();")]
    [TestCase("await Started; Started.Wait();")]
    [TestCase("await Task.Run(() => Thread.Sleep(1));")]
    [TestCase("void Local() => Thread.Sleep(1); await Task.Run(Local);")]
    [TestCase("await Task.Yield(); _ = new Other().Result; new Other().Wait();")]
    public void What_does_not_block_is_ordinary(string body) =>
        Flaws.AssertNone(Class($$"""public async Task Remove(string key) { {{body}} }"""));

    [TestCase("public void Remove(string key) { } private void Helper() => Work().Wait();")]
    [TestCase("public void Remove(string key) { } public Example() => Thread.Sleep(1);")]
    [TestCase("public void Remove(string key) { } public class Nested { public void Remove(string key) => Thread.Sleep(1); }")]
    public void What_is_not_a_call_may_block(string members) => Flaws.AssertNone(Class(members));

    [Test]
    public void A_class_that_is_not_marked_may_block() => Flaws.AssertAreWithoutHost("""
        internal class Other
        {
            public void Remove(string key) => Thread.Sleep(1);
        }
        """);

    private static string Class(string members) => $$"""
        internal class Other
        {
            public int Result => 1;
            public void Wait() { }
        }

        [Snapshotter]
        internal partial class Example
        {
            {{members}}

            internal Task Started { get; } = Task.CompletedTask;
            internal static Task WorkOn(string key) => Task.FromResult(key);
            internal static Task<int> Work() => Task.FromResult(1);
            internal static ValueTask<int> ValueWork() => new(1);
        }
        """;
}
