using Containerd.Snapshots.Runtime.Wire;

namespace Containerd.Snapshots;

/// <summary>
/// Limits that protect the server from peers and from methods that hang. A host's command line has an option for each.
/// A program sets other defaults with <c>SnapshotterHostBuilder.ConfigureLimits</c>, a web app with
/// <c>services.Configure&lt;SnapshotterLimits&gt;</c>.
/// </summary>
public sealed class SnapshotterLimits
{
    /// <summary>The highest limit of connections, calls and waiting calls. Each of them may need a thread or files.</summary>
    internal const int Most = 10_000;

    /// <summary>The highest number of calls that wait outside their places, with <see cref="SnapshotContext.WaitAsync"/>.</summary>
    internal const int MostOutside = 512;

    internal const int LeastRequestSize = 4096;

    private int _maxConnections = 100, _maxConcurrentCalls = 128, _maxQueuedCalls = 128, _maxRequestSize = WireLimits.MaxMessageBytes;
    private TimeSpan _drainTime = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The maximum number of open connections, 1 to 10000, 100 by default. Further connections are closed. containerd uses
    /// one. No effect in a web app, where Kestrel has its own limit.
    /// </summary>
    public int MaxConnections
    {
        get => _maxConnections;
        set => _maxConnections = Within(1, Most, value);
    }

    /// <summary>
    /// The maximum number of calls in the snapshotters at once, 1 to 10000, 128 by default. Further calls wait. A call that
    /// timed out counts until its method returns.
    /// </summary>
    public int MaxConcurrentCalls
    {
        get => _maxConcurrentCalls;
        set => _maxConcurrentCalls = Within(1, Most, value);
    }

    /// <summary>
    /// The maximum number of waiting calls, 0 to 10000, 128 by default. Further calls are answered with ResourceExhausted.
    /// </summary>
    public int MaxQueuedCalls
    {
        get => _maxQueuedCalls;
        set => _maxQueuedCalls = Within(0, Most, value);
    }

    /// <summary>
    /// The maximum size of a request in bytes, at least 4096, by default 16 MiB, which is containerd's own limit. A larger
    /// request is answered with ResourceExhausted. Answers never exceed 16 MiB, because containerd refuses larger ones.
    /// </summary>
    public int MaxRequestSize
    {
        get => _maxRequestSize;
        set => _maxRequestSize = Within(LeastRequestSize, int.MaxValue, value);
    }

    /// <summary>Time limits by call.</summary>
    public CallTimeouts CallTimeouts { get; } = new();

    /// <summary>
    /// How long running calls may continue after a stop request, 0 to 49 days, 30 seconds by default. No effect in a web
    /// app, where <c>HostOptions.ShutdownTimeout</c> sets the time.
    /// </summary>
    public TimeSpan DrainTime
    {
        get => _drainTime;
        set => _drainTime = value >= TimeSpan.Zero && value <= CallTimeouts.MaxTimeout
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"The value must be between 0 and {CallTimeouts.MaxTimeout.TotalDays} days.");
    }

    /// <summary>The maximum number of running and waiting calls.</summary>
    internal int MaxCalls => _maxConcurrentCalls + _maxQueuedCalls;

    private static int Within(int least, int most, int value) => value >= least && value <= most
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"The value must be between {least} and {most}.");
}
