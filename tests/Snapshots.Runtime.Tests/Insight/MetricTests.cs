using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Containerd.Snapshots.Tests.Fixtures;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Insight;

/// <summary>Metrics of calls.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class MetricTests : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Name, double Value, string Tags)> _measured = new();

    [SetUp]
    public void Listen()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == SnapshotterDiagnostics.Name)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    [TearDown]
    public void Dispose() => _listener.Dispose();

    [Test]
    public async Task A_call_is_measured_by_method_and_status()
    {
        await using var host = await RunningHost.StartAsync(new Scripted { OnStat = key => key == "k" ? new() { Name = key, Kind = SnapshotKind.Active } : null });

        await host.Calls.StatAsync(new() { Key = "k" });
        await Rpc.FailsAsync(StatusCode.NotFound, () => host.Calls.StatAsync(new() { Key = "missing" }).ResponseAsync);

        Assert.That(Tags("rpc.server.call.duration"), Is.EqualTo(new[]
        {
            "rpc.system.name=grpc rpc.method=containerd.services.snapshots.v1.Snapshots/Stat rpc.response.status_code=OK",
            "rpc.system.name=grpc rpc.method=containerd.services.snapshots.v1.Snapshots/Stat rpc.response.status_code=NOT_FOUND error.type=NOT_FOUND",
        }));
    }

    [Test]
    public async Task A_call_whose_method_hangs_is_measured_once_and_counted_until_it_returns()
    {
        var release = new TaskCompletionSource();
        await using var host = await RunningHost.StartAsync(
            new Scripted
            {
                OnPrepare = async _ =>
                {
                    await release.Task;
                    return SnapshotResult.NotFound("k");
                },
            },
            "--call-timeout", "Prepare=100ms");

        await Rpc.FailsAsync(StatusCode.DeadlineExceeded, () => host.Calls.PrepareAsync(new() { Key = "k" }).ResponseAsync);
        await Eventually.TrueAsync(() => Now("snapshots.calls.hanging") == 1, "the call is counted as one that hangs");

        Assert.Multiple(() =>
        {
            Assert.That(Now("snapshots.calls.in_flight"), Is.EqualTo(1));
            Assert.That(Now("snapshots.calls.oldest_age"), Is.GreaterThan(0.09));
            Assert.That(Now("snapshots.connections.open"), Is.EqualTo(1));
        });

        release.SetResult();
        await Eventually.TrueAsync(() => Now("snapshots.calls.hanging") == 0 && Now("snapshots.calls.in_flight") == 0, "no call hangs any more");
        Assert.That(Now("snapshots.calls.oldest_age"), Is.Zero);
        Assert.That(Tags("rpc.server.call.duration"), Is.EqualTo(new[]
        {
            "rpc.system.name=grpc rpc.method=containerd.services.snapshots.v1.Snapshots/Prepare rpc.response.status_code=DEADLINE_EXCEEDED error.type=DEADLINE_EXCEEDED",
        }));
    }

    private double Now(string name)
    {
        _listener.RecordObservableInstruments();
        return _measured.Last(measured => measured.Name == name).Value;
    }

    private List<string> Tags(string name) => [.. _measured.Where(measured => measured.Name == name).Select(static measured => measured.Tags)];

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Enqueue((instrument.Name, value, string.Join(' ', tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}"))));
}
