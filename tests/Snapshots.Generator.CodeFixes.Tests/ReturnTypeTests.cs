using Containerd.Snapshots.Generator.CodeFixes.Fixes;
using Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes;

/// <summary>Changing the return type of a method to one that its call accepts.</summary>
internal sealed class ReturnTypeTests
{
    private static readonly Fix Fix = new(new ReturnTypeFixProvider());

    [TestCase("int", "SnapshotInfo")]
    [TestCase("string?", "SnapshotInfo?")]
    [TestCase("int?", "SnapshotInfo?")]
    [TestCase("Task<string>", "Task<SnapshotInfo>")]
    [TestCase("Task<string?>", "Task<SnapshotInfo?>")]
    [TestCase("ValueTask<string>", "ValueTask<SnapshotInfo>")]
    [TestCase("SnapshotResult<string>", "SnapshotResult<SnapshotInfo>")]
    [TestCase("Task<SnapshotResult<string>>", "Task<SnapshotResult<SnapshotInfo>>")]
    [TestCase("void", "SnapshotInfo")]
    [TestCase("Task", "Task<SnapshotInfo>")]
    public Task An_info(string before, string after) => Fix.AssertTurnsAsync(Throwing(before, "Stat"), Throwing(after, "Stat"));

    [TestCase("string", "IReadOnlyList<Mount>")]
    [TestCase("async Task<List<string>>", "async Task<IReadOnlyList<Mount>>")]
    [TestCase("ValueTask<IEnumerable<string>?>", "ValueTask<IReadOnlyList<Mount>?>")]
    public Task Mounts(string before, string after) => Fix.AssertTurnsAsync(Throwing(before, "Mounts"), Throwing(after, "Mounts"));

    [TestCase("string?", "IReadOnlyList<Mount>")]
    public Task Mounts_of_a_new_snapshot(string before, string after) => (Fix with { Left = ["SNAP0041"] }).AssertTurnsAsync(Throwing(before, "Prepare"), Throwing(after, "Prepare"));

    [TestCase("bool", "void")]
    [TestCase("Task<bool>", "Task")]
    [TestCase("ValueTask<bool>", "ValueTask")]
    [TestCase("async void", "async Task")]
    [TestCase("async  Task<bool>", "async  Task")]
    [TestCase("SnapshotResult<bool>", "SnapshotResult")]
    [TestCase("Task<SnapshotResult<bool>>", "Task<SnapshotResult>")]
    public Task Nothing(string before, string after) => Fix.AssertTurnsAsync(Throwing(before, "Remove"), Throwing(after, "Remove"));

    [TestCase("string[]", "IEnumerable<SnapshotInfo>")]
    [TestCase("Task<List<string>>", "Task<IEnumerable<SnapshotInfo>>")]
    [TestCase("IAsyncEnumerable<string>", "IAsyncEnumerable<SnapshotInfo>")]
    [TestCase("Task<IAsyncEnumerable<SnapshotInfo>>", "IAsyncEnumerable<SnapshotInfo>")]
    public Task Infos(string before, string after) => Fix.AssertTurnsAsync(Throwing(before, "Walk"), Throwing(after, "Walk"));

    [Test]
    public Task By_reference() => Fix.AssertTurnsAsync(
        """
        [Snapshotter]
        internal partial class Example
        {
            private SnapshotInfo? _info;

            public ref readonly SnapshotInfo? Stat(string key) => ref _info;

            public void Set(SnapshotInfo info) => _info = info;
        }
        """,
        """
        [Snapshotter]
        internal partial class Example
        {
            private SnapshotInfo? _info;

            public SnapshotInfo? Stat(string key) => _info;

            public void Set(SnapshotInfo info) => _info = info;
        }
        """);

    [Test]
    public Task All_in_a_document() => Fix.AssertTurnsAllAsync(
        Throwing("Task<int>", "Remove") + Throwing("async void", "Commit").Replace("Example", "Another", StringComparison.Ordinal),
        Throwing("Task", "Remove") + Throwing("async Task", "Commit").Replace("Example", "Another", StringComparison.Ordinal));

    private static string Throwing(string type, string method)
    {
        var body = type.Contains("async", StringComparison.Ordinal) ? "{ await Task.Yield(); throw new NotImplementedException(); }" : "=> throw new NotImplementedException();";

        var parameters = method switch { "Walk" => "", "Commit" => "string name, string key", _ => "string key" };

        return $$"""
            [Snapshotter]
            internal partial class Example
            {
                public {{type}} {{method}}({{parameters}}) {{body}}
            }

            """;
    }
}
