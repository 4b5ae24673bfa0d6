using Containerd.Snapshots;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Samples.Overlay;

/// <summary>Sends metrics and traces to an OpenTelemetry collector, as <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and the other variables say.</summary>
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

    /// <summary>Sends the rest. If the collector does not answer, this takes one second in total.</summary>
    public void Dispose()
    {
        Parallel.Invoke(() => _metrics.Shutdown(TimeToSend), () => _traces.Shutdown(TimeToSend));
        _metrics.Dispose();
        _traces.Dispose();
    }
}
