using Containerd.Snapshots.Generator.CodeFixes.Fixes;
using Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes;

/// <summary>Making the mount writable that Prepare returns.</summary>
internal sealed class WritableMountTests
{
    private static readonly Fix Fix = new(new WritableMountFixProvider()) { Left = ["SNAP0041"] };

    [TestCase("Mount.ReadOnlyBind(key)", "Mount.Bind(key)")]
    [TestCase("Mount.ReadOnlyBind(/* so */ key)", "Mount.Bind(/* so */ key)")]
    [TestCase("new() { Type = \"bind\", Options = [\"ro\"] }", "new() { Type = \"bind\", Options = [] }")]
    [TestCase("new() { Type = \"bind\", Options = [\"ro\", \"rbind\"] }", "new() { Type = \"bind\", Options = [\"rbind\"] }")]
    [TestCase("new() { Type = \"bind\", Options = [\"rbind\", \"ro\"] }", "new() { Type = \"bind\", Options = [\"rbind\"] }")]
    [TestCase("new() { Type = \"bind\", Options = new[] { \"rbind\", \"ro\" } }", "new() { Type = \"bind\", Options = new[] { \"rbind\" } }")]
    [TestCase("new() { Type = \"bind\", Options = new List<string> { \"ro\" } }", "new() { Type = \"bind\", Options = new List<string> {  } }")]
    [TestCase("new() { Type = \"bind\", Options = new[] { \"ro\" } }", null)]
    [TestCase("Mount.ReadOnlyOverlay([key])", null)]
    public Task Of_any_kind(string before, string? after) =>
        after is null ? Fix.AssertOffersAsync(Class(before)) : Fix.AssertTurnsAsync(Class(before), Class(after));

    [Test]
    public Task All_in_a_document() => Fix.AssertTurnsAllAsync(
        Class("key == \"\" ? Mount.ReadOnlyBind(key) : Mount.ReadOnlyBind(\"/\")"), Class("key == \"\" ? Mount.Bind(key) : Mount.Bind(\"/\")"));

    private static string Class(string mount) => $$"""
        [Snapshotter]
        internal partial class Example
        {
            public Mount Prepare(string key) => {{mount}}; // "ro"
        }
        """;
}
