using Containerd.Snapshots.Tests.Generator.Compiling;

namespace Containerd.Snapshots.Tests.Generator.Output;

/// <summary>How return values become answers, depending on their types.</summary>
internal sealed class ReturnTests
{
    [Test]
    public void Values() => Shape.AssertApprovedCalls(new Project("""
        namespace Samples;

        [Snapshotter]
        public partial class Example
        {
            public SnapshotInfo Stat(string key) => throw new NotImplementedException();
            public SnapshotInfo Update(SnapshotInfo info) => info;
            public SnapshotUsage Usage(string key) => SnapshotUsage.None;
            public Mount Mounts(string key) => Mount.Bind(key);
            public Mount[] Prepare(string key) => new[] { Mount.Bind(key) };
            public IEnumerable<Mount> View(string key) => new[] { Mount.Bind(key) };
            public void Commit(string name, string key) { }
            public void Remove(string key) { }
            public IReadOnlyCollection<SnapshotInfo> Walk() => Array.Empty<SnapshotInfo>();
            public void Cleanup() { }
        }
        """));

    [Test]
    public void Tasks() => Shape.AssertApprovedCalls(new Project("""
        namespace Samples;

        [Snapshotter]
        public partial class Example
        {
            public async Task<SnapshotInfo?> StatAsync(string key) { await Task.Yield(); return null; }
            public Task<SnapshotInfo> UpdateAsync(SnapshotInfo info) => Task.FromResult(info);
            public Task<SnapshotUsage> UsageAsync(string key) => Task.FromResult(SnapshotUsage.None);
            public Task<Mount?> MountsAsync(string key) => Task.FromResult<Mount?>(null);
            public Task<List<Mount?>> PrepareAsync(string key) => Task.FromResult(new List<Mount?>());
            public Task<ImmutableArray<Mount>> View(string key) => Task.FromResult(ImmutableArray<Mount>.Empty);
            public async Task CommitAsync(string name, string key) => await Task.Yield();
            public Task Remove(string key) => Task.CompletedTask;
            public Task<IEnumerable<SnapshotInfo>> Walk() => Task.FromResult(Enumerable.Empty<SnapshotInfo>());
            public Task CleanupAsync() => Task.CompletedTask;
        }
        """));

    [Test]
    public void Value_tasks() => Shape.AssertApprovedCalls(new Project("""
        namespace Samples;

        [Snapshotter]
        public partial class Example
        {
            public async ValueTask<SnapshotInfo> StatAsync(string key) { await Task.Yield(); throw SnapshotterException.NotFound(key); }
            public ValueTask<SnapshotInfo?> UpdateAsync(SnapshotInfo info) => new((SnapshotInfo?)info);
            public ValueTask<SnapshotUsage?> UsageAsync(string key) => default;
            public ValueTask<IReadOnlyList<Mount>?> MountsAsync(string key) => default;
            public ValueTask<IReadOnlyList<Mount>> PrepareAsync(string key) => throw SnapshotterException.AlreadyExists(key);
            public ValueTask<IReadOnlyList<Mount?>> ViewAsync(string key) => throw SnapshotterException.AlreadyExists(key);
            public ValueTask CommitAsync(string name, string key) => default;
            public ValueTask RemoveAsync(string key) => default;
            public ValueTask<SnapshotInfo[]> WalkAsync() => new(Array.Empty<SnapshotInfo>());
            public ValueTask Cleanup() => default;
        }
        """));

    [Test]
    public void Results() => Shape.AssertApprovedCalls(new Project("""
        namespace Samples;

        [Snapshotter]
        public partial class Example
        {
            public SnapshotResult<SnapshotInfo?> Stat(string key) => SnapshotResult.NotFound(key);
            public Task<SnapshotResult<SnapshotInfo>> UpdateAsync(SnapshotInfo info) => Task.FromResult<SnapshotResult<SnapshotInfo>>(info);
            public ValueTask<SnapshotResult<SnapshotUsage?>> UsageAsync(string key) => default;
            public SnapshotResult<Mount[]> Mounts(string key) => SnapshotResult.NotFound(key);
            public SnapshotResult<IReadOnlyList<Mount>> Prepare(string key) => SnapshotResult.AlreadyExists(key);
            public Task<SnapshotResult<Mount>> View(string key) => Task.FromResult<SnapshotResult<Mount>>(Mount.Bind(key));
            public SnapshotResult Commit(string name, string key) => SnapshotResult.Success;
            public Task<SnapshotResult> RemoveAsync(string key) => Task.FromResult(SnapshotResult.Success);
            public ValueTask<SnapshotResult<IEnumerable<SnapshotInfo>>> Walk() => default;
            public ValueTask<SnapshotResult> Cleanup() => default;
        }
        """));

    [Test]
    public void Nullable_means_not_found_where_a_snapshot_is_asked_for() => Shape.AssertApprovedCalls(new Project("""
        namespace Samples;

        [Snapshotter]
        public partial class Example
        {
            public SnapshotInfo? Stat(string key) => null;
            public SnapshotInfo? Update(SnapshotInfo info) => null;
            public SnapshotUsage? Usage(string key) => null;
            public Mount[]? Mounts(string key) => null;
            public Mount? Prepare(string key) => null;
            public List<Mount>? View(string key) => null;
            public void Commit(string name, string key) { }
            public Task? Remove(string key) => null;
            public IEnumerable<SnapshotInfo>? Walk() => null;
        }
        """) { EditorConfig = "dotnet_diagnostic.SNAP0034.severity = none" });

    [Test]
    public void Without_annotations_null_means_not_found_too() => Shape.AssertApprovedCalls(new Project("""
        #nullable disable
        namespace Samples;

        [Snapshotter]
        public partial class Example
        {
            public SnapshotInfo Stat(string key) => null;
            public Task<SnapshotUsage> Usage(string key) => Task.FromResult<SnapshotUsage>(null);
            public List<Mount> Mounts(string key) => null;
        }
        """));

    [TestCase("Mounts(string key) => [];", "ImmutableArray<Mount>")]
    [TestCase("Mounts(string key) => default;", "T")]
    public void Without_annotations_a_struct_is_never_null(string method, string type)
    {
        var run = Shape.AssertCompiles(new Project($$"""
            #nullable disable
            [Snapshotter]
            internal partial class Example<T>
                where T : struct, IEnumerable<Mount>
            {
                public {{type}} {{method}}
            }
            """));

        Assert.That(run.Emitted.Single().SourceText.ToString(), Does.Contain("call.Reply(_snapshotter.Mounts("));
    }

    [Test]
    public void A_filter_is_applied_for_a_walk_that_takes_none() => Shape.AssertApprovedCalls(new Project("""
        namespace Samples;

        [Snapshotter]
        public partial class All
        {
            public IEnumerable<SnapshotInfo> Walk(SnapshotContext context) => Array.Empty<SnapshotInfo>();
        }

        [Snapshotter]
        public partial class ByFilter
        {
            public IEnumerable<SnapshotInfo> Walk(SnapshotFilter filter) => Array.Empty<SnapshotInfo>();
        }

        [Snapshotter]
        public partial class ByFilters
        {
            public IEnumerable<SnapshotInfo> Walk(IReadOnlyList<string> filters) => Array.Empty<SnapshotInfo>();
        }

        [Snapshotter]
        public partial class Stream
        {
            public async IAsyncEnumerable<SnapshotInfo> WalkAsync([EnumeratorCancellation] CancellationToken cancellationToken)
            {
                await Task.Delay(1, cancellationToken);
                yield break;
            }
        }

        [Snapshotter]
        public partial class FilteredStream
        {
            public SnapshotResult<IAsyncEnumerable<SnapshotInfo>> Walk(SnapshotFilter filter) => SnapshotResult.Unavailable("busy");
        }
        """));
}
