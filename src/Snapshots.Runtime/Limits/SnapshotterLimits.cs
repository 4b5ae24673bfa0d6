using Containerd.Snapshots.Runtime.Wire;

namespace Containerd.Snapshots;

/// <summary>
/// What is bounded, so that nothing that a peer does, and no method that hangs, takes the server with it. A host's command
/// line has an option for each; a program gives other defaults with <c>SnapshotterHostBuilder.ConfigureLimits</c>, a
/// web app with <c>services.Configure&lt;SnapshotterLimits&gt;</c>.
/// </summary>
public sealed class SnapshotterLimits
{
    /// <summary>The most connections, calls and waiting calls that can be asked for: each may need a thread, or files.</summary>
    internal const int Most = 10_000;

    internal const int LeastRequestSize = 4096;

    private int _maxConnections = 100, _maxConcurrentCalls = 128, _maxQueuedCalls = 128, _maxRequestSize = WireLimits.MaxMessageBytes;
    private TimeSpan _drainTime = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How many connections may be open at once, 100 by default; further ones are closed. containerd has one. In a web app
    /// this is Kestrel's to say, and the property has no effect.
    /// </summary>
    public int MaxConnections
    {
        get => _maxConnections;
        set => _maxConnections = Within(1, Most, value);
    }

    /// <summary>
    /// How many calls may be with the snapshotters at once, 128 by default; further ones wait. Calls whose time is up count
    /// until their methods return.
    /// </summary>
    public int MaxConcurrentCalls
    {
        get => _maxConcurrentCalls;
        set => _maxConcurrentCalls = Within(1, Most, value);
    }

    /// <summary>How many calls may wait, 128 by default; further ones are answered with ResourceExhausted.</summary>
    public int MaxQueuedCalls
    {
        get => _maxQueuedCalls;
        set => _maxQueuedCalls = Within(0, Most, value);
    }

    /// <summary>
    /// How many bytes a request may have: 16 MiB by default, which is containerd's own limit. A larger one is answered with
    /// ResourceExhausted. Answers are never larger than 16 MiB, since containerd would not take them.
    /// </summary>
    public int MaxRequestSize
    {
        get => _maxRequestSize;
        set => _maxRequestSize = Within(LeastRequestSize, int.MaxValue, value);
    }

    /// <summary>How long a call may take, for each kind of call.</summary>
    public CallTimeouts CallTimeouts { get; } = new();

    /// <summary>
    /// How long calls in flight may go on after a stop was asked for, 30 seconds by default. In a web app this is
    /// <c>HostSettings.ShutdownTimeout</c>, and the property has no effect.
    /// </summary>
    public TimeSpan DrainTime
    {
        get => _drainTime;
        set => _drainTime = value >= TimeSpan.Zero && value <= CallTimeouts.MaxTimeout
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"It has to be between 0 and {CallTimeouts.MaxTimeout.TotalDays} days.");
    }

    /// <summary>How many calls can be with the server at once, those that wait included.</summary>
    internal int MaxCalls => _maxConcurrentCalls + _maxQueuedCalls;

    private static int Within(int least, int most, int value) => value >= least && value <= most
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"It has to be between {least} and {most}.");
}
