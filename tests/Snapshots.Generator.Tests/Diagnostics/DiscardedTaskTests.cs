namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>Work that a call starts but does not wait for.</summary>
internal sealed class DiscardedTaskTests
{
    [TestCase("[|Work|]();")]
    [TestCase("this.[|Work|]();")]
    [TestCase("[|Number|]();")]
    [TestCase("[|ValueWork|]();")]
    [TestCase("[|ValueNumber|]();")]
    [TestCase("[|Other|]();")]
    [TestCase("[|Generic<Task>|]();")]
    [TestCase("[|Work|]().ConfigureAwait(false);")]
    [TestCase("[|WorkAsync|]().ConfigureAwait(false);")]
    [TestCase("Next?.[|Work|]();")]
    [TestCase("Next?.Next?.[|ValueWork|]();")]
    [TestCase("Next?.[|WorkAsync|]();")]
    [TestCase("Func<Task> work = Work; [|work|]();")]
    [TestCase("Work().[|ContinueWith|](_ => { });")]
    [TestCase("if (key.Length > 0) { foreach (var each in key) { [|Work|](); } }")]
    [TestCase("for (var left = key.Length; left > 0; [|Work|]()) left--;")]
    public void Discarded(string body) => Flaws.AssertAre(Class($$"""public void Remove(string key) { {{body}} }"""), "SNAP0056");

    [TestCase("public void Remove(string key) => [|Work|]();")]
    [TestCase("public void RemoveAsync(string key) => Next?.[|Work|]();")]
    [TestCase("public Task Remove(string key) { [|Work|](); return Work(); }")]
    [TestCase("public SnapshotInfo? Stat(string key) { [|Work|](); return null; }")]
    [TestCase("public IEnumerable<SnapshotInfo> Walk() { [|Work|](); yield break; }")]
    [TestCase("public async Task Remove(string key) { await Work(); Next?.[|Work|](); }")]
    [TestCase("public async Task Remove(string key) { await Work(); lock (key) { [|Work|](); } }")]
    [TestCase("public async Task Remove(string key) { await Work(); unsafe { [|Work|](); } }")]
    [TestCase("public partial void Remove(string key); public partial void Remove(string key) => [|Work|]();")]
    public void In_any_form_of_call(string method) => Flaws.AssertAre(Class(method), "SNAP0056");

    [Test]
    public void Each_of_several() => Flaws.AssertAre(
        Class("public void Remove(string key) { try { [|Work|](); } finally { [|Number|](); } }"), "SNAP0056", "SNAP0056");

    [TestCase("_ = Work();")]
    [TestCase("var task = Work(); Tasks.Add(task);")]
    [TestCase("Started = Work();")]
    [TestCase("Started ??= Work();")]
    [TestCase("Tasks.Add(Work());")]
    [TestCase("Action later = () => Work(); later();")]
    [TestCase("void Local() => Work(); Local();")]
    [TestCase("key.ToString(); Next?.ToString(); Nothing();")]
    [TestCase("Later();")]
    public void What_is_kept_or_meant_is_ordinary(string body) => Flaws.AssertNone(Class($$"""public void Remove(string key) { {{body}} }"""));

    [TestCase("public Task Remove(string key) => Work();")]
    [TestCase("public Task Remove(string key) { return key.Length > 0 ? Work() : Number(); }")]
    [TestCase("public async Task Remove(string key) { await Work(); await Work().ConfigureAwait(false); }")]
    [TestCase("public async Task Remove(string key) { await Task.WhenAny(Work(), Work()); }")]
    [TestCase("public async Task Remove(string key) => await Work();")]
    public void What_is_returned_or_awaited_is_ordinary(string method) => Flaws.AssertNone(Class(method));

    [TestCase("public async Task Remove(string key) { await Work(); Work(); }")]
    [TestCase("public async Task Remove(string key) { await Work(); ValueWork().ConfigureAwait(false); }")]
    [TestCase("public async Task Remove(string key) { await Work(); for (var left = key.Length; left > 0; Other()) left--; }")]
    [TestCase("public partial Task Remove(string key); public async partial Task Remove(string key) { await Work(); Work(); }")]
    [TestCase("public void Remove(string key) { WorkAsync(); }")]
    [TestCase("public void Remove(string key) => WorkAsync();")]
    public void What_the_compiler_reports_is_not_repeated(string method) => Flaws.AssertNone(Class(method), "CS4014");

    [TestCase("public void Remove(string key) { } private void Helper() => Work();")]
    [TestCase("public void Remove(string key) { } public Example() => Task.Delay(1);")]
    [TestCase("public void Remove(string key) { } public class Nested { public void Remove(string key) => Task.Delay(1); }")]
    public void What_is_not_a_call_may_discard(string members) => Flaws.AssertNone(Class(members));

    [Test]
    public void A_class_that_is_not_marked_may_discard() => Flaws.AssertAreWithoutHost("""
        internal class Other
        {
            public void Remove(string key) => Task.Delay(1);
        }
        """);

    private static string Class(string members) => $$"""
        internal interface IAwaitable
        {
            TaskAwaiter GetAwaiter();
        }

        internal interface IOther : IAwaitable
        {
        }

        internal class Unawaitable
        {
            public static TaskAwaiter GetAwaiter() => default;
            public TaskAwaiter GetAwaiter(int number) => default;
        }

        [Snapshotter]
        internal partial class Example
        {
            {{members}}

            internal Example? Next { get; set; }
            internal Task? Started { get; set; }
            internal List<Task> Tasks { get; } = [];
            internal void Nothing() => Tasks.Clear();
            internal Task Work() => Started ?? Task.CompletedTask;
            internal async Task WorkAsync() => await Work();
            internal Task<int> Number() => Task.FromResult(Tasks.Count);
            internal ValueTask ValueWork() => new(Work());
            internal ValueTask<int> ValueNumber() => new(Number());
            internal static T? Generic<T>() where T : class => null;
            internal static IOther Other() => throw new NotImplementedException();
            internal static Unawaitable Later() => new();
        }
        """;
}
