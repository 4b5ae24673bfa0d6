using Containerd.Snapshots.Generator.CodeFixes.Fixes;
using Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes;

/// <summary>Making a result of a value that does not convert.</summary>
internal sealed class UnconvertedResultTests
{
    private static readonly Fix Fix = new(new UnconvertedResultFixProvider());

    [TestCase("_mounts", "SnapshotResult.Of(_mounts)")]
    [TestCase("[Mount.Bind(key)]", "SnapshotResult.Of<IReadOnlyList<Mount>>([Mount.Bind(key)])")]
    [TestCase("_mounts /* so */", "SnapshotResult.Of(_mounts) /* so */")]
    [TestCase("key == \"\" ? SnapshotResult.NotFound(key) : _mounts", "key == \"\" ? SnapshotResult.NotFound(key) : SnapshotResult.Of(_mounts)")]
    public Task Of_any_kind(string before, string after) => Fix.AssertTurnsAsync(Class(before), Class(after));

    [Test]
    public Task Without_global_usings() => (Fix with { GlobalUsings = false }).AssertTurnsAsync(
        Other("[]"), Other("SnapshotResult.Of<IReadOnlyList<Mount>>([])"));

    private static string Class(string value) => $$"""
        [Snapshotter]
        internal partial class Example
        {
            public SnapshotResult<IReadOnlyList<Mount>> Mounts(string key) => {{value}};

            private readonly IReadOnlyList<Mount> _mounts = [];
        }
        """;

    private static string Other(string value) => $$"""
        using System.Collections.Generic;
        using Containerd.Snapshots;

        [Snapshotter]
        internal partial class Example
        {
            public SnapshotResult<IReadOnlyList<Mount>> Mounts(string key) => {{value}};
        }
        """;
}
