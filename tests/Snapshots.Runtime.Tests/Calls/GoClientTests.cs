using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Containerd.Snapshots.Tests.Fixtures;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Calls;

/// <summary>Answers as containerd's own Go client understands them.</summary>
[NonParallelizable]
[Category("Root")]
internal sealed class GoClientTests
{
    private DirectoryInfo _folder = null!;
    private string _goClient = null!;

    [OneTimeSetUp]
    public async Task Build()
    {
        _folder = Directory.CreateTempSubdirectory("go-client-");
        _goClient = await GoProgram.BuildAsync("tests/System/GoClient/main.go", _folder.FullName);
    }

    [OneTimeTearDown]
    public void Delete() => _folder?.Delete(recursive: true);

    [TestCase("prepare", "AlreadyExists: snapshot \"k\": already exists")]
    [TestCase("stat", "NotFound: snapshot \"k\": not found")]
    [TestCase("remove", "FailedPrecondition: cannot remove it: failed precondition")]
    public async Task An_error_that_is_returned_has_the_right_kind_and_costs_no_exception(string call, string understood)
    {
        await using var host = await RunningHost.StartAsync(new Returning());
        await CallAsync(host, call); // Initialization at the first call may throw.

        var (answer, thrown) = await RecordAsync(() => CallAsync(host, call));

        Assert.That(answer, Is.EqualTo(understood));
        Assert.That(thrown, Is.Empty);
    }

    [Test]
    public async Task The_recorder_sees_a_thrown_error()
    {
        await using var host = await RunningHost.StartAsync(new Throwing());

        var (_, thrown) = await RecordAsync(() => CallAsync(host, "stat"));

        Assert.That(thrown, Has.Some.Contains(nameof(SnapshotterException)));
    }

    [TestCase("prepare", "AlreadyExists: snapshot \"k\": already exists")]
    [TestCase("stat", "NotFound: snapshot \"k\": not found")]
    [TestCase("remove", "Unknown: a bug: unknown")]
    [TestCase("commit", "NotImplemented: this snapshotter has no Commit: not implemented")]
    public async Task An_error_that_is_thrown_has_the_right_kind(string call, string understood)
    {
        await using var host = await RunningHost.StartAsync(new Throwing());

        Assert.That(await CallAsync(host, call), Is.EqualTo(understood));
    }

    private async Task<string> CallAsync(RunningHost host, string call) =>
        (await Command.RunAsync([_goClient, host.SocketPath, call, "k"])).AssertSucceeded().Output.Trim();

    /// <summary>Records exceptions between the gRPC layer and a method, even if they are caught.</summary>
    private static async Task<(string Answer, IReadOnlyCollection<string> Thrown)> RecordAsync(Func<Task<string>> call)
    {
        var thrown = new ConcurrentQueue<string>();
        AppDomain.CurrentDomain.FirstChanceException += Record;
        try
        {
            return (await call(), thrown);
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Record;
        }

        void Record(object? sender, FirstChanceExceptionEventArgs first)
        {
            var stack = Environment.StackTrace;
            if (stack.Contains("Grpc.", StringComparison.Ordinal) || stack.Contains("Containerd.Snapshots.SnapshotsEndpoint", StringComparison.Ordinal))
                thrown.Enqueue($"{first.Exception}\n{stack}");
        }
    }
}

[Snapshotter]
internal sealed partial class Returning
{
    public SnapshotResult<SnapshotInfo> Stat(string key) => SnapshotResult.NotFound(key);

    public async ValueTask<SnapshotResult<Mount[]>> PrepareAsync(string key)
    {
        await Task.Yield();
        return SnapshotResult.AlreadyExists(key);
    }

    public SnapshotResult Remove(string key) => SnapshotResult.FailedPrecondition("cannot remove it");

    public void Commit(string name, string key)
    {
    }

    public IReadOnlyList<Mount>? Mounts(string key) => null;

    public IEnumerable<SnapshotInfo> Walk() => [];
}

#pragma warning disable SNAP0041 // The test covers a missing call.
[Snapshotter]
internal sealed partial class Throwing
#pragma warning restore SNAP0041
{
    public SnapshotInfo Stat(string key) => throw SnapshotterException.NotFound(key);

    public async Task<Mount[]> PrepareAsync(string key)
    {
        await Task.Yield();
        throw SnapshotterException.AlreadyExists(key);
    }

#pragma warning disable SNAP0054 // The bug is intended.
    public void Remove(string key) => throw new InvalidOperationException("a bug");
#pragma warning restore SNAP0054
}
