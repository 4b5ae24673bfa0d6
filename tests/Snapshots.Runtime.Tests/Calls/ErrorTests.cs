using System.Reflection;
using Containerd.Snapshots.Tests.Fixtures;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Calls;

/// <summary>Errors as containerd's client receives them.</summary>
internal sealed class ErrorTests
{
    [TestCase(SnapshotterError.Unknown, StatusCode.Unknown, "m")]
    [TestCase(SnapshotterError.InvalidArgument, StatusCode.InvalidArgument, "m: invalid argument")]
    [TestCase(SnapshotterError.NotFound, StatusCode.NotFound, "m: not found")]
    [TestCase(SnapshotterError.AlreadyExists, StatusCode.AlreadyExists, "m: already exists")]
    [TestCase(SnapshotterError.PermissionDenied, StatusCode.PermissionDenied, "m: permission denied")]
    [TestCase(SnapshotterError.ResourceExhausted, StatusCode.ResourceExhausted, "m: resource exhausted")]
    [TestCase(SnapshotterError.FailedPrecondition, StatusCode.FailedPrecondition, "m: failed precondition")]
    [TestCase(SnapshotterError.Conflict, StatusCode.FailedPrecondition, "m: conflict")]
    [TestCase(SnapshotterError.NotModified, StatusCode.FailedPrecondition, "m: not modified")]
    [TestCase(SnapshotterError.Aborted, StatusCode.Aborted, "m: aborted")]
    [TestCase(SnapshotterError.OutOfRange, StatusCode.OutOfRange, "m: out of range")]
    [TestCase(SnapshotterError.NotImplemented, StatusCode.Unimplemented, "m: not implemented")]
    [TestCase(SnapshotterError.Internal, StatusCode.Internal, "m: internal")]
    [TestCase(SnapshotterError.Unavailable, StatusCode.Unavailable, "m: unavailable")]
    [TestCase(SnapshotterError.DataLoss, StatusCode.DataLoss, "m: data loss")]
    [TestCase(SnapshotterError.Unauthenticated, StatusCode.Unauthenticated, "m: unauthenticated")]
    [TestCase(SnapshotterError.DeadlineExceeded, StatusCode.DeadlineExceeded, "m")]
    [TestCase(SnapshotterError.Canceled, StatusCode.Cancelled, "m")]
    public async Task Each_kind_reaches_the_client_thrown_or_returned(SnapshotterError error, StatusCode code, string detail)
    {
        await using var host = await RunningHost.StartAsync(new Scripted
        {
            OnStat = _ => throw new SnapshotterException(error, "m"),
            OnRemove = _ => SnapshotResult.Failure(error, "m"),
        });

        Assert.Multiple(() =>
        {
            Assert.That(Rpc.StatusOf(() => host.Calls.Stat(new() { Key = "k" })), Is.EqualTo(new Status(code, detail)));
            Assert.That(Rpc.StatusOf(() => host.Calls.Remove(new() { Key = "k" })), Is.EqualTo(new Status(code, detail)));
        });
    }

    [Test]
    public async Task A_message_that_ends_like_a_conflict_keeps_its_kind()
    {
        await using var host = await RunningHost.StartAsync(new Scripted { OnRemove = _ => SnapshotResult.FailedPrecondition("it is in conflict: conflict") });

        Assert.That(Rpc.StatusOf(() => host.Calls.Remove(new() { Key = "k" })).Detail, Does.EndWith(": conflict: failed precondition"));
    }

    [Test]
    public void Every_kind_has_a_test_case()
    {
        var cases = typeof(ErrorTests).GetMethod(nameof(Each_kind_reaches_the_client_thrown_or_returned))!.GetCustomAttributes<TestCaseAttribute>();

        Assert.That(cases.Select(each => each.Arguments[0]), Is.EquivalentTo(Enum.GetValues<SnapshotterError>()));
    }

    [Test]
    public async Task Any_other_exception_is_unknown_with_its_message_and_without_its_trace()
    {
        await using var host = await RunningHost.StartAsync(new Scripted { OnStat = _ => throw new InvalidOperationException("a bug") });

        Assert.That(Rpc.StatusOf(() => host.Calls.Stat(new() { Key = "k" })), Is.EqualTo(new Status(StatusCode.Unknown, "a bug")));
    }

    [Test]
    public async Task NotImplementedException_is_unimplemented()
    {
        await using var host = await RunningHost.StartAsync(new Scripted { OnStat = _ => throw new NotImplementedException("later") });

        Assert.That(Rpc.StatusOf(() => host.Calls.Stat(new() { Key = "k" })), Is.EqualTo(new Status(StatusCode.Unimplemented, "later: not implemented")));
    }

    [Test]
    public async Task A_full_disk_is_resource_exhausted()
    {
        await using var host = await RunningHost.StartAsync(new Scripted
        {
            OnStat = _ =>
            {
                File.WriteAllText("/dev/full", "no space for this");
                return null;
            },
        });

        Assert.That(Rpc.StatusOf(() => host.Calls.Stat(new() { Key = "k" })).StatusCode, Is.EqualTo(StatusCode.ResourceExhausted));
    }

    [Test]
    public async Task Null_of_a_nullable_return_type_is_not_found_with_the_key()
    {
        await using var host = await RunningHost.StartAsync(new Scripted());

        Assert.That(Rpc.StatusOf(() => host.Calls.Stat(new() { Key = "k" })), Is.EqualTo(new Status(StatusCode.NotFound, "snapshot \"k\": not found")));
    }

    [Test]
    public async Task Any_other_null_is_internal_and_names_the_call()
    {
        await using var host = await RunningHost.StartAsync(new Scripted { OnMounts = _ => null!, OnUsage = _ => null!, OnPrepare = _ => null! });

        Assert.Multiple(() =>
        {
            Assert.That(Rpc.StatusOf(() => host.Calls.Mounts(new() { Key = "k" })), Is.EqualTo(new Status(
                StatusCode.Internal, "the snapshotter's Mounts returned null, which its declaration rules out: internal")));
            Assert.That(Rpc.StatusOf(() => host.Calls.Usage(new() { Key = "k" })).Detail, Does.Contain("Usage"));
            Assert.That(Rpc.StatusOf(() => host.Calls.Prepare(new() { Key = "k" })).Detail, Does.Contain("Prepare"));
        });
    }

    [Test]
    public async Task A_call_that_the_class_lacks_is_unimplemented()
    {
        await using var host = await RunningHost.StartAsync(new Scripted());

        Assert.Multiple(() =>
        {
            Assert.That(Rpc.StatusOf(() => host.Calls.View(new() { Key = "k" })), Is.EqualTo(new Status(StatusCode.Unimplemented, "this snapshotter has no View: not implemented")));
            Assert.That(Rpc.StatusOf(() => host.Calls.Cleanup(new())).StatusCode, Is.EqualTo(StatusCode.Unimplemented));
        });
    }

    [Test]
    public async Task A_message_of_megabytes_is_shortened_and_keeps_its_ending()
    {
        await using var host = await RunningHost.StartAsync(new Scripted { OnRemove = _ => SnapshotResult.NotFound(new string('x', 1 << 20)) });

        var detail = Rpc.StatusOf(() => host.Calls.Remove(new() { Key = "k" })).Detail;

        Assert.Multiple(() =>
        {
            Assert.That(detail, Has.Length.LessThan(4096));
            Assert.That(detail, Does.StartWith("snapshot \"xxx").And.EndsWith("\": not found"));
        });
    }

    [Test]
    public async Task The_token_is_canceled_when_the_client_gives_up()
    {
        var started = new TaskCompletionSource();
        var canceled = new TaskCompletionSource();
        await using var host = await RunningHost.StartAsync(new Scripted
        {
            OnPrepare = async arguments =>
            {
                await using var registration = arguments.CancellationToken.Register(canceled.SetResult);
                started.SetResult();
                await canceled.Task;
                throw new OperationCanceledException(arguments.CancellationToken);
            },
        });

        using var giveUp = new CancellationTokenSource();
        var call = host.Calls.PrepareAsync(new() { Key = "k" }, cancellationToken: giveUp.Token);
        await Eventually.Within(started.Task);
        await giveUp.CancelAsync();

        await Eventually.Within(canceled.Task);
        await Rpc.FailsAsync(StatusCode.Cancelled, () => call.ResponseAsync);
    }

    [Test]
    public async Task A_cancellation_by_the_snapshotter_itself_is_canceled_and_says_so()
    {
        await using var host = await RunningHost.StartAsync(new Scripted { OnStat = _ => throw new TaskCanceledException("the registry timed out") });

        Assert.That(
            Rpc.StatusOf(() => host.Calls.Stat(new() { Key = "k" })),
            Is.EqualTo(new Status(StatusCode.Cancelled, "canceled by the snapshotter itself: the registry timed out")));
    }
}
