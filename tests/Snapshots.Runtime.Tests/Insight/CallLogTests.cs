using System.Text.RegularExpressions;
using Containerd.Snapshots.Tests.Client;
using Containerd.Snapshots.Tests.Fixtures;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Tests.Insight;

/// <summary>Log lines of calls.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class CallLogTests
{
    private const char Replaced = '\uFFFD'; // Stands for a control character.

    private readonly RecordedLog _log = new();
    private DirectoryInfo _folder = null!;
    private WebApplication _app = null!;
    private SnapshotsClient _client = null!;
    private Func<string, SnapshotInfo?> _stat = _ => null;
    private Func<PrepareArguments, Task<SnapshotResult<IReadOnlyList<Mount>>>> _prepare = null!;
    private Func<CancellationToken, IAsyncEnumerable<SnapshotInfo>> _walk = null!;
    private SnapshotResult _removed;
    private LogLevel _level = LogLevel.Debug;

    [SetUp]
    public async Task Start()
    {
        _folder = Directory.CreateTempSubdirectory("snap-");
        var socket = Path.Combine(_folder.FullName, "test.sock");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(_log).SetMinimumLevel(LogLevel.None).AddFilter((category, level) => category!.StartsWith("Containerd.Snapshots", StringComparison.Ordinal) && level >= _level);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(socket, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.Configure<SnapshotterLimits>(limits => limits.CallTimeouts["Prepare"] = TimeSpan.FromMilliseconds(200));
        builder.Services.AddSnapshotter(_ => new Scripted
        {
            OnStat = key => _stat(key),
            OnPrepare = arguments => _prepare(arguments),
            OnRemove = _ => _removed,
            OnWalk = token => _walk(token),
        });
        _app = builder.Build();
        _app.MapSnapshotter<Scripted>();
        await _app.StartAsync();
        _client = new SnapshotsClient(socket);
        _log.Clear();
    }

    [TearDown]
    public async Task Stop()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Test]
    public void An_expected_error_is_logged_only_at_debug_level()
    {
        Rpc.Fails(StatusCode.NotFound, () => _client.Calls.Stat(new() { Key = "k" }));

        Assert.That(_log.Text, Does.Match("^Debug Stat \"k\" -> NotFound: snapshot \"k\" \\([0-9.]+ ms\\)$"));
    }

    [Test]
    public void A_call_s_parent_is_logged()
    {
        _prepare = _ => Task.FromResult(SnapshotResult.Of<IReadOnlyList<Mount>>([]));

        _client.Calls.Prepare(new() { Key = "k", Parent = "p\n", Labels = { ["a"] = "1" } });
        _client.Calls.Prepare(new() { Key = "k" });
        _client.Calls.Commit(new() { Key = "k", Name = "n", Parent = "p" });

        Assert.That(WithoutTimes(_log.Text), Is.EqualTo($"""
            Debug Prepare "k" on "p{Replaced}" -> OK
            Debug Prepare "k" -> OK
            Debug Commit "k" on "p" -> OK
            """));
    }

    [Test]
    public void Labels_are_logged_at_trace_level()
    {
        _level = LogLevel.Trace;

        _client.Calls.Commit(new() { Key = "k", Name = "n", Labels = { ["a"] = "1", ["b"] = "2\n" } });
        _client.Calls.Update(new() { Info = new() { Name = "n", Labels = { ["c"] = new string('x', 1000) } } });

        Assert.That(WithoutTimes(_log.Text), Is.EqualTo($"""
            Debug Commit "k" -> OK
            Trace Commit "k" has the labels a=1, b=2{Replaced}
            Debug Update "n" -> OK
            Trace Update "n" has the labels c={new string('x', 254)}...
            """));
    }

    [Test]
    public void Many_labels_do_not_flood_the_log()
    {
        _level = LogLevel.Trace;
        var info = new Wire.Info { Name = "n" };
        for (var i = 0; i < 1000; i++)
            info.Labels.Add($"{i}", "x");

        _client.Calls.Update(new() { Info = info });

        Assert.That(_log.Text.Split('=').Length - 1, Is.EqualTo(64));
        Assert.That(_log.Text, Does.EndWith(", ..."));
    }

    [Test]
    public void An_update_is_logged_with_the_name_in_its_info()
    {
        _client.Calls.Update(new() { Info = new() { Name = "n" } });
        Rpc.Fails(StatusCode.InvalidArgument, () => _client.Calls.Update(new()));

        Assert.That(_log.Text, Does.Match("^Debug Update \"n\" -> OK .*\nDebug Update \"\" -> InvalidArgument: the request has no info"));
    }

    [Test]
    public void An_unexpected_exception_is_logged_as_an_error_with_its_trace()
    {
        _stat = _ => throw new InvalidOperationException("a bug");

        Rpc.Fails(StatusCode.Unknown, () => _client.Calls.Stat(new() { Key = "k" }));

        Assert.That(_log.Text, Does.StartWith("Error Stat \"k\" failed: Unknown: a bug"));
        Assert.That(_log.Entries.First().Exception, Is.InstanceOf<InvalidOperationException>());
    }

    [Test]
    public void A_returned_failure_is_logged_as_an_error_too()
    {
        _removed = SnapshotResult.Failure(SnapshotterError.DataLoss, "blocks are gone");

        Rpc.Fails(StatusCode.DataLoss, () => _client.Calls.Remove(new() { Key = "k" }));

        Assert.That(_log.Text, Does.StartWith("Error Remove \"k\" failed: DataLoss: blocks are gone"));
    }

    [Test]
    public void A_call_that_fails_in_a_loop_does_not_fill_the_log()
    {
        _stat = _ => throw new InvalidOperationException("a bug");
        _removed = SnapshotResult.ResourceExhausted("the disk is full");

        for (var i = 0; i < 50; i++)
            Rpc.Fails(StatusCode.Unknown, () => _client.Calls.Stat(new() { Key = "k" }));
        Rpc.Fails(StatusCode.ResourceExhausted, () => _client.Calls.Remove(new() { Key = "k" }));

        Assert.That(_log.Entries.Count(static entry => entry.Level == LogLevel.Error), Is.EqualTo(10));
        Assert.That(_log.Entries.Count(static entry => entry.Level == LogLevel.Warning), Is.EqualTo(1), "another failure has lines of its own");
    }

    [Test]
    public void An_exhausted_resource_is_a_warning()
    {
        _removed = SnapshotResult.ResourceExhausted("the disk is full");

        Rpc.Fails(StatusCode.ResourceExhausted, () => _client.Calls.Remove(new() { Key = "k" }));

        Assert.That(_log.Text, Does.StartWith("Warning Remove \"k\" failed: ResourceExhausted: the disk is full"));
    }

    [Test]
    public void The_cause_of_an_error_is_logged()
    {
        _stat = _ => throw new SnapshotterException(SnapshotterError.FailedPrecondition, "no", new IOException("the cause"));

        Rpc.Fails(StatusCode.FailedPrecondition, () => _client.Calls.Stat(new() { Key = "k" }));

        Assert.That(_log.Entries.First().Exception?.InnerException?.Message, Is.EqualTo("the cause"));
    }

    [Test]
    public void A_cause_is_one_line_if_calls_are_not_logged()
    {
        _level = LogLevel.Information;
        _stat = _ => throw new SnapshotterException(SnapshotterError.FailedPrecondition, "no", new IOException("the cause"));

        Rpc.Fails(StatusCode.FailedPrecondition, () => _client.Calls.Stat(new() { Key = "k" }));

        Assert.That(_log.Text, Is.EqualTo("Warning Stat \"k\" failed: FailedPrecondition: no: the cause"));
        Assert.That(_log.Entries.Single().Exception, Is.Null);
    }

    [Test]
    public void A_full_disk_is_a_warning_without_a_trace()
    {
        _level = LogLevel.Information;
        _stat = _ => throw new IOException("No space left on device", 28);

        Rpc.Fails(StatusCode.ResourceExhausted, () => _client.Calls.Stat(new() { Key = "k" }));

        Assert.That(_log.Text, Is.EqualTo("Warning Stat \"k\" failed: ResourceExhausted: No space left on device"));
        Assert.That(_log.Entries.Single().Exception, Is.Null);
    }

    [Test]
    public async Task An_exceeded_deadline_is_logged_as_such()
    {
        var done = new TaskCompletionSource();
        _prepare = async arguments =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, arguments.CancellationToken);
            }
            finally
            {
                done.SetResult();
            }

            return SnapshotResult.NotFound("k");
        };

        Rpc.Fails(StatusCode.DeadlineExceeded, () => _client.Calls.Prepare(new() { Key = "k" }));
        await Eventually.Within(done.Task);
        await _log.WaitForAsync("Warning Prepare");
        await _log.WaitForAsync("Debug Prepare");

        // The clock and the method log at the same time.
        Assert.That(_log.Entries.Select(static entry => $"{entry}").Order(StringComparer.Ordinal), Is.EqualTo(new[]
        {
            "Debug Prepare \"k\" -> DeadlineExceeded: deadline exceeded",
            "Warning Prepare \"k\" was answered with DeadlineExceeded: Prepare took longer than 200 ms, its limit (option --call-timeout Prepare=TIME, or CallTimeouts[\"Prepare\"])",
        }).Using<string>(static (actual, expected) => actual.StartsWith(expected, StringComparison.Ordinal)));
    }

    [Test]
    public async Task A_method_that_runs_past_its_deadline_is_logged_and_so_is_its_return()
    {
        var release = new TaskCompletionSource();
        _prepare = async _ =>
        {
            await release.Task;
            return SnapshotResult.NotFound("k");
        };

        Rpc.Fails(StatusCode.DeadlineExceeded, () => _client.Calls.Prepare(new() { Key = "k" }));
        await _log.WaitForAsync("Warning Prepare \"k\" still runs after");
        Assert.That(_log.Text, Does.EndWith("its caller received DeadlineExceeded; 1 calls hang now"));
        release.SetResult();
        await _log.WaitForAsync("Information Prepare \"k\" returned after");
    }

    [Test]
    public async Task A_client_that_goes_away_during_a_walk_is_no_error()
    {
        _walk = Endless;
        using (var list = _client.Calls.List(new()))
            await list.ResponseStream.MoveNext(default);

        await _log.WaitForAsync("Walk");

        Assert.That(_log.Text, Does.StartWith("Debug Walk \"\" -> Canceled: canceled"));
    }

    [Test]
    public void A_peer_s_text_can_neither_flood_nor_forge_a_line()
    {
        Rpc.Fails(StatusCode.NotFound, () => _client.Calls.Stat(new() { Key = "a\n\u001b[2J" + new string('x', 10_000) }));

        Assert.That(_log.Text, Has.Length.LessThan(1000).And.Not.Contains("\n").And.Not.Contains("\u001b"));
    }

    private static string WithoutTimes(string log) => Regex.Replace(log, @" \([0-9.]+ ms\)", "");

    private static async IAsyncEnumerable<SnapshotInfo> Endless([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Yield();
            yield return new() { Name = "again", Kind = SnapshotKind.Committed, Labels = new Dictionary<string, string> { ["a"] = new('x', 1024) } };
        }
    }
}
