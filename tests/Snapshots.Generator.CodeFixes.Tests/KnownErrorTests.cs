using Containerd.Snapshots.Generator.CodeFixes.Fixes;
using Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes;

/// <summary>Throwing an error that containerd knows instead of an exception of .NET.</summary>
internal sealed class KnownErrorTests
{
    private static readonly Fix Fix = new(new KnownErrorFixProvider());

    [TestCase("new KeyNotFoundException(key)", "SnapshotterException.NotFound(key)")]
    [TestCase("new System.IO.FileNotFoundException(key)", "SnapshotterException.NotFound(key)")]
    [TestCase("new KeyNotFoundException()", "SnapshotterException.NotFound(key)")]
    [TestCase("new KeyNotFoundException { }", null)]
    [TestCase("new KeyNotFoundException(_none)", "new SnapshotterException(SnapshotterError.NotFound, _none)")]
    [TestCase("new KeyNotFoundException($\"no {key}\")", "new SnapshotterException(SnapshotterError.NotFound, $\"no {key}\")")]
    [TestCase("new InvalidOperationException(/* so */ \"busy \" + key)", "SnapshotterException.FailedPrecondition(\"busy \" + key)")]
    [TestCase("new InvalidOperationException(\"busy\", cause)", "new SnapshotterException(SnapshotterError.FailedPrecondition, \"busy\", cause)")]
    [TestCase("new KeyNotFoundException(key, new IOException())", "new SnapshotterException(SnapshotterError.NotFound, key, new IOException())")]
    [TestCase("new FileNotFoundException(\"none\", key)", null)]
    [TestCase("new InvalidOperationException()", null)]
    [TestCase("new InvalidOperationException(message: key)", null)]
    [TestCase("new InvalidOperationException(cause?.Message)", null)]
    public Task Of_the_kind_that_is_meant(string before, string? after) =>
        after is null ? Fix.AssertOffersAsync(Class(before)) : Fix.AssertTurnsAsync(Class(before), Class(after));

    [Test]
    public Task With_its_namespace() => (Fix with { GlobalUsings = false }).AssertTurnsAsync(
        "using System;\r\n\r\n" + Statement("new InvalidOperationException(\"busy\")"),
        "using System;\r\nusing Containerd.Snapshots;\r\n\r\n" + Statement("SnapshotterException.FailedPrecondition(\"busy\")"));

    [Test]
    public Task All_in_a_document() => Fix.AssertTurnsAllAsync(
        Class("new KeyNotFoundException(key)") + Statement("new InvalidOperationException(\"busy\")"),
        Class("SnapshotterException.NotFound(key)") + Statement("SnapshotterException.FailedPrecondition(\"busy\")"));

    private static string Class(string exception) => $$"""
        [Snapshotter]
        internal partial class Example(Exception? cause)
        {
            private readonly string _none = "none";

            public void Remove(string key) => throw {{exception}}; // key

            public void Cleanup() => GC.KeepAlive((cause, _none));
        }

        """;

    private static string Statement(string exception) => $$"""
        [Containerd.Snapshots.Snapshotter]
        internal partial class Another
        {
            public void Remove(string key)
            {
                if (key.Length > 0) // Busy.
                    throw {{exception}}; // So.
            }
        }
        """.ReplaceLineEndings("\r\n");
}
