namespace Containerd.Snapshots;

/// <summary>The name of a server's metrics and traces.</summary>
public static class SnapshotterDiagnostics
{
    /// <summary>
    /// The name of the <see cref="System.Diagnostics.Metrics.Meter"/> and of the
    /// <see cref="System.Diagnostics.ActivitySource"/>, for OpenTelemetry's <c>AddMeter</c> and <c>AddSource</c>.
    /// </summary>
    public const string Name = "Containerd.Snapshots";
}
