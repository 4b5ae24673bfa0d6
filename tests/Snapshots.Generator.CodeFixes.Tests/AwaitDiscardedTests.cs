using Containerd.Snapshots.Generator.CodeFixes.Fixes;
using Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes;

/// <summary>Awaiting a task that a call discards; the call becomes async.</summary>
internal sealed class AwaitDiscardedTests
{
    private const string Token = "CancellationToken cancellationToken";

    private static readonly Fix Fix = new(new AwaitFixProvider());

    [TestCase("void Remove(string key) => Work();", "async Task Remove(string key) => await Work();")]
    [TestCase("void Remove(string key) { if (key == \"\") return; Work(); /* So. */ }", "async Task Remove(string key) { if (key == \"\") return; await Work(); /* So. */ }")]
    [TestCase("void /* how */ Remove(string key) => this.ValueWork();", "async Task /* how */ Remove(string key) => await this.ValueWork();")]
    [TestCase("SnapshotInfo? Stat(string key) { Work(); return null; }", "async Task<SnapshotInfo?> Stat(string key) { await Work(); return null; }")]
    [TestCase("Mount[] Mounts(string key) { Work(); return []; }", "async Task<Mount[]> Mounts(string key) { await Work(); return []; }")]
    [TestCase("SnapshotResult Remove(string key) { Work(); return SnapshotResult.Success; }", "async Task<SnapshotResult> Remove(string key) { await Work(); return SnapshotResult.Success; }")]
    [TestCase("IEnumerable<SnapshotInfo> Walk() { Work(); return []; }", "async Task<IEnumerable<SnapshotInfo>> Walk() { await Work(); return []; }")]
    [TestCase("void Remove(string key) => Work()\n        .ConfigureAwait(false);", "async Task Remove(string key) => await Work()\n        .ConfigureAwait(false);")]
    [TestCase("void Remove(string key) { for (var left = key.Length; left > 0; Work()) left--; }", "async Task Remove(string key) { for (var left = key.Length; left > 0; await Work()) left--; }")]
    [TestCase("new SnapshotUsage? Usage(string key) { Work(); return null; }", "new async Task<SnapshotUsage?> Usage(string key) { await Work(); return null; }")]
    [TestCase("partial void Remove(string key); public partial void Remove(string key) => Work();", "partial Task Remove(string key); public async partial Task Remove(string key) => await Work();")]
    public Task Any_form(string before, string after) => Fix.AssertTurnsAsync(Class($"public {before}"), Class($"public {after}"));

    [TestCase("void Remove(string key) => Longer(key.Length);", $"async Task Remove(string key, {Token}) => await Longer(key.Length, cancellationToken);")]
    [TestCase($"void Remove(string key, {Token}) => Longer(1);", $"async Task Remove(string key, {Token}) => await Longer(1, cancellationToken);")]
    public Task With_a_token(string before, string after) => Fix.AssertTurnsAsync(Class($"public {before}"), Class($"public {after}"));

    [TestCase("public override void Commit(string name, string key) => Work();")]
    [TestCase("public virtual void Remove(string key) => Work();")]
    [TestCase("public Task Remove(string key) { Work(); return Task.CompletedTask; }")]
    [TestCase("public ValueTask Remove(string key) { Work(); return default; }")]
    [TestCase("public IEnumerable<SnapshotInfo> Walk() { Work(); yield break; }")]
    [TestCase("public IAsyncEnumerable<SnapshotInfo> Walk() { Work(); throw new NotImplementedException(); }")]
    [TestCase("public void Remove(string key) => Next?.Work();")]
    [TestCase("public void Remove(string key) { lock (key) { Work(); } }")]
    [TestCase("public void Remove(string key) { unsafe { Work(); } }")]
    [TestCase("public unsafe void Remove(string key) => Work();")]
    [TestCase("public async Task Remove(string key) { await Work(); Next?.Work(); }")]
    public Task Not_where_the_call_must_stay_as_it_is(string call) => Fix.AssertOffersAsync(Class(call));

    [Test]
    public Task Not_where_an_interface_asks_for_it() => Fix.AssertOffersAsync(Class("public void Cleanup() => Work();", ", ICleaned"));

    [Test]
    public Task The_title_says_what_becomes_of_the_call() => Fix.AssertOffersAsync(Class("public void Remove(string key) => Work();"), "Make the call async and await the task");

    [Test]
    public Task With_the_namespace_of_tasks() => (Fix with { GlobalUsings = false }).AssertTurnsAsync(
        Store("", "void Commit(string name, string key) => Store.Work();"),
        Store("using System.Threading.Tasks;\r\n\r\n", "async Task Commit(string name, string key) => await Store.Work();"));

    [Test]
    public Task All_in_a_document() => Fix.AssertTurnsAllAsync(
        Class("public void Remove(string key) { Work(); Longer(1); Longer(2); } public Mount[] View(string key) { Work(); return []; }"),
        Class($"public async Task Remove(string key, {Token}) {{ await Work(); await Longer(1, cancellationToken); await Longer(2, cancellationToken); }} public async Task<Mount[]> View(string key) {{ await Work(); return []; }}"));

    private static string Class(string members, string more = "") => $$"""
        internal interface ICleaned
        {
            void Cleanup();
        }

        internal abstract class Base
        {
            public virtual void Commit(string name, string key) { }
            public SnapshotUsage? Usage(string key) => null;
        }

        [Snapshotter]
        internal partial class Example : Base{{more}}
        {
            {{members}}

            internal Example? Next { get; set; }
            internal Task Work() => Next?.Work() ?? Task.CompletedTask;
            internal ValueTask<int> ValueWork() => new(Next is null ? 1 : 0);
            internal Task Longer(int count, CancellationToken cancellationToken = default) => Next is null ? Task.CompletedTask : Next.Longer(count, cancellationToken);
        }
        """;

    private static string Store(string usings, string call) => $$"""
        {{usings}}[Containerd.Snapshots.Snapshotter]
        internal partial class Example
        {
            public {{call}}
        }

        internal static class Store
        {
            public static System.Threading.Tasks.Task Work() => System.Threading.Tasks.Task.CompletedTask;
        }
        """.ReplaceLineEndings("\r\n");
}
