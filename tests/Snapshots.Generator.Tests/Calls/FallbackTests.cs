using Grpc.Core;

namespace Containerd.Snapshots.Tests.Generator.Calls;

/// <summary>Calls that a fallback answers.</summary>
internal sealed class FallbackTests
{
    private const string Source = """
        internal class Part
        {
            public SnapshotInfo? Stat(string key) => new() { Name = $"part {key}", Kind = SnapshotKind.Active };
            public async Task RemoveAsync(string key) { await Task.Yield(); throw SnapshotterException.NotFound(key); }
            public IReadOnlyList<Mount>? Mounts(string key) => null;
        }

        [Snapshotter]
        internal sealed partial class Inner
        {
            [SnapshotterFallback] private readonly Part _part = new();
            public Mount View(string key) => Mount.Bind($"/inner/{key}");
        }

        [Snapshotter]
        internal sealed partial class Outer
        {
            private Inner? _inner = new();
            [SnapshotterFallback] private Inner? Inner => _inner;
            public Mount Prepare(string key) => Mount.Bind($"/outer/{key}");
            public void Commit(string name, string key) => _inner = null;
            public void Cleanup() => _inner = new();
        }

        [Snapshotter]
        internal sealed partial class Nothing
        {
            [SnapshotterFallback] private Part? _part = null;
            public void Cleanup() { _part = new(); }
        }
        """;

    private CalledProgram _program = null!;

    [OneTimeSetUp]
    public async Task StartProgram() => _program = await CalledProgram.StartAllAsync(Source);

    [OneTimeTearDown]
    public async Task StopProgram() => await _program.DisposeAsync();

    [TestCase("Inner")]
    [TestCase("Outer")]
    public void A_call_goes_through_all_parts(string snapshotter)
    {
        Assert.Multiple(() =>
        {
            Assert.That(_program.Calls.Stat(new() { Snapshotter = snapshotter, Key = "key" }).Info.Name, Is.EqualTo("part key"));
            Assert.That(_program.Calls.View(new() { Snapshotter = snapshotter, Key = "key" }).Mounts.Single().Source, Is.EqualTo("/inner/key"));
            Assert.That(Rpc.StatusOf(() => _program.Calls.Remove(new() { Snapshotter = snapshotter, Key = "key" })).StatusCode, Is.EqualTo(StatusCode.NotFound));
            Assert.That(Rpc.StatusOf(() => _program.Calls.Mounts(new() { Snapshotter = snapshotter, Key = "key" })).StatusCode, Is.EqualTo(StatusCode.NotFound));
            Assert.That(Rpc.StatusOf(() => _program.Calls.Usage(new() { Snapshotter = snapshotter, Key = "key" })).StatusCode, Is.EqualTo(StatusCode.Unimplemented));
        });
    }

    [Test]
    public void A_call_of_the_class_goes_to_the_class() =>
        Assert.That(_program.Calls.Prepare(new() { Snapshotter = "Outer", Key = "key" }).Mounts.Single().Source, Is.EqualTo("/outer/key"));

    [Test]
    public void A_fallback_that_is_null_is_Internal_and_named()
    {
        Rpc.Fails(StatusCode.Internal, () => _program.Calls.Stat(new() { Snapshotter = "Nothing", Key = "key" }), "fallback _part is null");
        _program.Calls.Cleanup(new() { Snapshotter = "Nothing" });
        Assert.That(_program.Calls.Stat(new() { Snapshotter = "Nothing", Key = "key" }).Info.Name, Is.EqualTo("part key"));
    }

    [Test]
    public void A_property_may_return_another_part()
    {
        _program.Calls.Commit(new() { Snapshotter = "Outer", Name = "name", Key = "key" });
        Rpc.Fails(StatusCode.Internal, () => _program.Calls.Stat(new() { Snapshotter = "Outer", Key = "key" }), "fallback Inner is null");

        _program.Calls.Cleanup(new() { Snapshotter = "Outer" });
        Assert.That(_program.Calls.Stat(new() { Snapshotter = "Outer", Key = "key" }).Info.Name, Is.EqualTo("part key"));
    }
}
