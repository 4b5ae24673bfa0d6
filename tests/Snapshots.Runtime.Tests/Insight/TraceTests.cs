using System.Collections.Concurrent;
using System.Diagnostics;
using Containerd.Snapshots.Tests.Fixtures;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Insight;

/// <summary>Spans of calls.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class TraceTests : IDisposable
{
    private const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ActivityListener _listener;

    public TraceTests()
    {
        _listener = new()
        {
            ShouldListenTo = static source => source.Name == SnapshotterDiagnostics.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [TearDown]
    public void Dispose() => _listener.Dispose();

    [Test]
    public async Task A_call_is_a_span_of_the_caller_s_trace()
    {
        await using var host = await RunningHost.StartAsync(new Scripted());

        await host.Calls.RemoveAsync(new() { Key = "k" }, new Metadata { { "traceparent", TraceParent }, { "tracestate", "a=1" } });
        await Eventually.TrueAsync(() => !_spans.IsEmpty, "a span ends");

        var span = _spans.Single();
        Assert.Multiple(() =>
        {
            Assert.That(span.DisplayName, Is.EqualTo("containerd.services.snapshots.v1.Snapshots/Remove"));
            Assert.That(span.Kind, Is.EqualTo(ActivityKind.Server));
            Assert.That(span.ParentId, Is.EqualTo(TraceParent));
            Assert.That(span.TraceStateString, Is.EqualTo("a=1"));
            Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Unset));
            Assert.That(span.Tags, Is.EquivalentTo(new Dictionary<string, string?>
            {
                ["rpc.system.name"] = "grpc",
                ["rpc.method"] = "containerd.services.snapshots.v1.Snapshots/Remove",
                ["rpc.response.status_code"] = "OK",
            }));
        });
    }

    [Test]
    public async Task The_span_is_current_during_the_method()
    {
        Activity? during = null;
        await using var host = await RunningHost.StartAsync(new Scripted
        {
            OnRemove = _ =>
            {
                during = Activity.Current;
                return SnapshotResult.Success;
            },
        });

        await host.Calls.RemoveAsync(new() { Key = "k" });
        await Eventually.TrueAsync(() => !_spans.IsEmpty, "a span ends");

        Assert.That(during, Is.SameAs(_spans.Single()));
    }

    [TestCase(SnapshotterError.NotFound, StatusCode.NotFound, "NOT_FOUND", ActivityStatusCode.Unset)]
    [TestCase(SnapshotterError.DataLoss, StatusCode.DataLoss, "DATA_LOSS", ActivityStatusCode.Error)]
    public async Task Only_an_error_of_the_server_makes_the_span_an_error(SnapshotterError error, StatusCode code, string tag, ActivityStatusCode status)
    {
        await using var host = await RunningHost.StartAsync(new Scripted { OnRemove = _ => SnapshotResult.Failure(error, "m") });

        await Rpc.FailsAsync(code, () => host.Calls.RemoveAsync(new() { Key = "k" }).ResponseAsync);
        await Eventually.TrueAsync(() => !_spans.IsEmpty, "a span ends");

        Assert.That(_spans.Single().GetTagItem("rpc.response.status_code"), Is.EqualTo(tag));
        Assert.That(_spans.Single().Status, Is.EqualTo(status));
    }
}
