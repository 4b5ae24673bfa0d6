using System.Buffers;
using Containerd.Snapshots.CompilerServices;
using Containerd.Snapshots.Runtime.Calls;
using Containerd.Snapshots.Runtime.Limits;
using Containerd.Snapshots.Runtime.Wire;
using Containerd.Snapshots.Wire;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Containerd.Snapshots.Tests.Streaming;

/// <summary>A list's messages, and what happens between them, without a server.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class InfoStreamTests : IDisposable
{
    private const int MaxUnflushed = 96 << 10;

    private readonly CancellationTokenSource _disconnect = new();
    private readonly DefaultHttpContext _http;
    private readonly Messages _messages = new();
    private readonly RunningCall _running;
    private readonly WalkCall _call = new();

    public InfoStreamTests()
    {
        _http = new() { RequestAborted = _disconnect.Token };
        _running = new(_http, new("List", "Snapshots/List", IsStreaming: true), new CallTime(TimeSpan.FromHours(1), TimeSpan.MaxValue));
        _http.Features.Set(_running);
        _call.Attach(_http);
        _call.Stream = _messages;
    }

    [TearDown]
    public void Dispose() => _disconnect.Dispose();

    [Test]
    public async Task Infos_may_come_in_any_kind_of_sequence()
    {
        await _call.Reply((SnapshotInfo[])[Info("a"), Info("b")]);
        await _call.ReplyStream(SnapshotResult.Of(AsyncEnumerable.Repeat(Info("c"), 1)));

        Assert.That(_messages.Names, Is.EqualTo(new[] { "a b", "c" }));
    }

    [Test]
    public async Task An_error_comes_instead_of_infos()
    {
        SnapshotResult<IAsyncEnumerable<SnapshotInfo>> unavailable = SnapshotResult.Failure(SnapshotterError.Unavailable, "later");

        await _call.ReplyStream(unavailable);

        Assert.That(_call.Outcome, Is.EqualTo(SnapshotResult.Failure(SnapshotterError.Unavailable, "later")));
        Assert.That(_messages.Names, Is.Empty);
    }

    [Test]
    public async Task The_infos_of_a_method_that_filters_are_not_filtered_again()
    {
        Filter("name==a");

        await _call.ReplyStream(Infos("b"));

        Assert.That(_messages.Names, Is.EqualTo(new[] { "b" }));
    }

    [Test]
    public async Task A_method_that_takes_no_filter_is_filtered()
    {
        Filter("name==a");

        await _call.OnlyMatching().ReplyStream(Infos("b", "a"));

        Assert.That(_messages.Names, Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task Messages_are_held_until_96_KiB_wait()
    {
        // Four messages of 100 infos, of which two have more than 96 KiB.
        await _call.Reply(Enumerable.Range(0, 400).Select(index => Info($"{index}", labelSize: 500)));

        Assert.That(_messages.AreHeld, Is.EqualTo(new[] { true, false, true, false }));
    }

    [TestCase(-1, true)]
    [TestCase(0, false)]
    public async Task A_message_of_96_KiB_is_not_held(int more, bool isHeld)
    {
        const int LabelSize = 90_000;
        var size = SizeOf(Info("a", LabelSize));

        await _call.Reply((SnapshotInfo[])[Info("a", LabelSize + MaxUnflushed - size + more)]);

        Assert.That((_messages.LastSize, _messages.AreHeld.Single()), Is.EqualTo((MaxUnflushed + more, isHeld)));
    }

    [Test]
    public async Task An_info_that_does_not_match_is_progress_too()
    {
        Filter("name==a");
        var deadline = _running.Deadline;

        await _call.OnlyMatching().ReplyStream(Infos("b"));

        Assert.That(_running.TimeOut(), Is.EqualTo(TimeoutResult.NotYet));
        Assert.That(_running.Deadline, Is.GreaterThan(deadline));
    }

    [Test]
    public async Task A_message_that_the_client_has_read_is_progress_too()
    {
        long deadline = 0;
        _messages.OnWrite = () =>
        {
            _running.TimeOut();
            deadline = _running.Deadline;
            return Task.CompletedTask;
        };

        await _call.ReplyStream(Infos("a"));

        Assert.That(_running.TimeOut(), Is.EqualTo(TimeoutResult.NotYet));
        Assert.That(_running.Deadline, Is.GreaterThan(deadline));
    }

    [Test]
    public void A_client_that_disconnects_stops_a_source_whose_infos_do_not_match()
    {
        Filter("name==a");

        Assert.That(async () => await _call.OnlyMatching().ReplyStream(DisconnectAfterOne()), Throws.InstanceOf<OperationCanceledException>());

        async IAsyncEnumerable<SnapshotInfo> DisconnectAfterOne()
        {
            yield return Info("b");
            await _disconnect.CancelAsync();
            yield return Info("b");
        }
    }

    [Test]
    public void An_error_of_the_gRPC_layer_after_a_disconnect_is_a_cancellation()
    {
        _messages.OnWrite = () =>
        {
            _disconnect.Cancel();
            return Task.FromException(new IOException("The stream was reset."));
        };

        Assert.That(
            async () => await _call.ReplyStream(Infos("a")),
            Throws.InstanceOf<OperationCanceledException>().With.Message.EqualTo("the client disconnected").And.InnerException.InstanceOf<IOException>());
    }

    [Test]
    public void An_error_of_the_gRPC_layer_without_a_disconnect_is_not()
    {
        _messages.OnWrite = () => Task.FromException(new IOException("The message is too large."));

        Assert.That(async () => await _call.ReplyStream(Infos("a")), Throws.InstanceOf<IOException>());
    }

    // The client disconnects while the source works on its end, and the infos before it are being flushed.
    [Test]
    public async Task A_source_that_works_when_the_client_disconnects_ends_before_it_is_disposed_of()
    {
        var (release, isDisposed) = (new TaskCompletionSource(), false);
        _messages.OnWrite = () =>
        {
            _http.Response.BodyWriter.Write(new byte[1]);
            _disconnect.Cancel();
            return Task.CompletedTask;
        };

        var reply = _call.ReplyStream(OneAndThenNone()).AsTask();
        Assert.That(reply.IsCompleted, Is.False);
        release.SetResult();

        Assert.That(() => Eventually.Within(reply), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(isDisposed, Is.True);

        async IAsyncEnumerable<SnapshotInfo> OneAndThenNone()
        {
            try
            {
                yield return Info("a");
                await release.Task;
            }
            finally
            {
                isDisposed = true;
            }
        }
    }

    [Test]
    public void The_context_is_made_once()
    {
        var first = _call.Context;

        Assert.That(_call.Context, Is.SameAs(first));
    }

    private void Filter(string filter)
    {
        _call.Read(new(Google.Protobuf.MessageExtensions.ToByteArray(new ListSnapshotsRequest { Filters = { filter } })));
        Assert.That(_call.Check(), Is.EqualTo(SnapshotResult.Success));
    }

    private static IAsyncEnumerable<SnapshotInfo> Infos(params string[] names) => names.Select(name => Info(name)).ToAsyncEnumerable();

    private static SnapshotInfo Info(string name, int labelSize = 1) => new()
    {
        Name = name,
        Kind = SnapshotKind.Committed,
        Labels = new Dictionary<string, string> { ["a"] = new('x', labelSize) },
    };

    private static int SizeOf(SnapshotInfo info)
    {
        using var batch = new InfoBatch();
        Assert.That(batch.TryAdd(info), Is.True);
        return batch.Message.Length;
    }

    private sealed class Messages : IServerStreamWriter<InfoBatch>
    {
        public Func<Task> OnWrite { get; set; } = () => Task.CompletedTask;

        /// <summary>The names of each message's infos.</summary>
        public List<string> Names { get; } = [];

        /// <summary>Whether each message waits for the next one.</summary>
        public List<bool> AreHeld { get; } = [];

        public int LastSize { get; private set; }

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(InfoBatch message)
        {
            Names.Add(string.Join(' ', ListSnapshotsResponse.Parser.ParseFrom(message.Message.ToArray()).Info.Select(info => info.Name)));
            AreHeld.Add(WriteOptions!.Flags.HasFlag(WriteFlags.BufferHint));
            LastSize = message.Message.Length;
            return OnWrite();
        }

        public Task WriteAsync(InfoBatch message, CancellationToken cancellationToken) => WriteAsync(message);
    }
}
