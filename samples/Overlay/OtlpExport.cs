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

    public void Dispose()
    {
        _metrics.Dispose();
        _traces.Dispose();
    }
}
