namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>A Prepare that returns a read-only mount.</summary>
internal sealed class ReadOnlyPrepareTests
{
    [TestCase("Mount Prepare(string key) => Mount.[|ReadOnlyBind|](key);")]
    [TestCase("Mount Prepare(string key) { return Mount.[|ReadOnlyOverlay|]([key]); }")]
    [TestCase("Mount[] Prepare(string key) => [Mount.[|ReadOnlyBind|](key)];")]
    [TestCase("IReadOnlyList<Mount> Prepare(string key) => [Mount.Bind(key), Mount.[|ReadOnlyBind|](key)];")]
    [TestCase("Mount[] Prepare(string key) => new[] { Mount.[|ReadOnlyBind|](key) };")]
    [TestCase("List<Mount> Prepare(string key) => new() { Mount.[|ReadOnlyBind|](key) };")]
    [TestCase("Task<Mount> PrepareAsync(string key) => Task.FromResult(Mount.[|ReadOnlyBind|](key));")]
    [TestCase("ValueTask<Mount> PrepareAsync(string key) => new(Mount.[|ReadOnlyBind|](key));")]
    [TestCase("async Task<Mount> PrepareAsync(string key) { await Task.Yield(); return Mount.[|ReadOnlyBind|](key); }")]
    [TestCase("async Task<Mount> PrepareAsync(string key) => await Task.FromResult(Mount.[|ReadOnlyBind|](key));")]
    [TestCase("partial Mount Prepare(string key); public partial Mount Prepare(string key) => Mount.[|ReadOnlyBind|](key);")]
    [TestCase("SnapshotResult<Mount> Prepare(string key) => Mount.[|ReadOnlyBind|](key);")]
    [TestCase("SnapshotResult<IReadOnlyList<Mount>> Prepare(string key) => SnapshotResult.Of<IReadOnlyList<Mount>>([Mount.[|ReadOnlyBind|](key)]);")]
    [TestCase("Mount Prepare(string key, string parent) => parent == \"\" ? Mount.Bind(key) : Mount.[|ReadOnlyBind|](key);")]
    [TestCase("Mount Prepare(string key, string parent) => parent switch { \"\" => Mount.Bind(key), _ => Mount.[|ReadOnlyBind|](key) };")]
    [TestCase("Mount Prepare(string key) { var mount = Mount.[|ReadOnlyBind|](key); return mount; }")]
    [TestCase("Mount Prepare(string key) => new() { Type = \"bind\", Source = key, Options = [[|\"ro\"|], \"rbind\"] };")]
    [TestCase("Mount Prepare(string key) => new Mount { Type = \"bind\", Source = key, Options = new[] { \"rbind\", [|\"ro\"|] } };")]
    [TestCase("Mount Prepare(string key) => new() { Type = \"bind\", Source = key, Options = new List<string> { [|\"ro\"|] } };")]
    [TestCase("Mount Prepare(string key) { const string Option = \"ro\"; return new() { Type = \"bind\", Source = key, Options = [[|Option|]] }; }")]
    public void Read_only(string prepare) => Flaws.AssertAre(Class(prepare), "SNAP0052");

    [TestCase("Mount Prepare(string key) => Mount.Bind(key);")]
    [TestCase("Mount[] Prepare(string key) => [Mount.ReadOnlyBind(key), Mount.Bind(key)];")]
    [TestCase("Mount[] Prepare(string key) => new[] { Mount.ReadOnlyBind(key), Mount.Bind(key) };")]
    [TestCase("IEnumerable<Mount> Prepare(string key) { yield return Mount.ReadOnlyBind(key); yield return Mount.Bind(key); }")]
    [TestCase("Mount Prepare(string key) => Mount.ReadOnlyBind(key) switch { var lower => Mount.Bind(lower.Source) };")]
    [TestCase("Mount Prepare(string key) => Mount.ReadOnlyBind(key) with { Options = [\"rw\"] };")]
    [TestCase("Mount Prepare(string key) => Mount.Bind(Mount.ReadOnlyBind(key).Source);")]
    [TestCase("Mount Prepare(string key) { var lower = Mount.ReadOnlyBind(key); return Mount.Bind(lower.Source); }")]
    [TestCase("Mount Prepare(string key) => new() { Type = \"bind\", Source = \"ro\", Options = [\"rw\", \"errors=ro\"] };")]
    [TestCase("Mount Prepare(string key) => new() { Type = \"bind\", Options = [key == \"ro\" ? \"rw\" : \"rbind\"] };")]
    [TestCase("Mount Prepare(string key) { Func<Mount> make = () => Mount.ReadOnlyBind(key); return Mount.Bind(make().Source); }")]
    [TestCase("Mount Prepare(string key) { return Mount.Bind(Local().Source); Mount Local() { return Mount.ReadOnlyBind(key); } }")]
    public void Writable_or_not_sure(string prepare) => Flaws.AssertNone(Class(prepare));

    [Test]
    public void Other_calls_and_helpers_may_return_read_only_mounts() => Flaws.AssertNone(Class("""
        Mount Prepare(string key) => Mount.Bind(key);
        public Mount View(string key) => Mount.ReadOnlyBind(key);
        internal Mount Prepare(int number) => Mount.ReadOnlyBind($"/{number}");
        """));

    private static string Class(string prepare) => $$"""
        [Snapshotter]
        internal partial class Example
        {
            public {{prepare}}

            public SnapshotInfo? Stat(string key) => null;
            public Mount? Mounts(string key) => Mount.ReadOnlyBind(key);
            public void Commit(string name, string key) { }
            public void Remove(string key) { }
            public IEnumerable<SnapshotInfo> Walk() => [];
        }
        """;
}
