using Containerd.Snapshots;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Samples.Overlay;

/// <summary>Sends metrics and traces to an OpenTelemetry collector; <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and its like say where and how.</summary>
public sealed class OtlpExport : IDisposable
{
    private const string Service = "overlay-snapshotter";
    private const int TimeToSend = 1000; // ms

    private readonly MeterProvider _metrics = Sdk.CreateMeterProviderBuilder()
        .ConfigureResource(static resource => resource.AddService(Service))
        .AddMeter(SnapshotterDiagnostics.Name)
        .AddOtlpExporter()
        .Build();

    private readonly TracerProvider _traces = Sdk.CreateTracerProviderBuilder()
        .ConfigureResource(static resource => resource.AddService(Service))
        .AddSource(SnapshotterDiagnostics.Name)
        .AddOtlpExporter()
        .Build();

    /// <summary>Sends what is left. A collector that does not answer holds up the stop for a second, and not for each of the two.</summary>
    public void Dispose()
    {
        Parallel.Invoke(() => _metrics.Shutdown(TimeToSend), () => _traces.Shutdown(TimeToSend));
        _metrics.Dispose();
        _traces.Dispose();
    }
}
