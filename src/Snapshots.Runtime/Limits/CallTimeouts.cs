namespace Containerd.Snapshots;

/// <summary>
/// How long a call may take before it is answered with DeadlineExceeded and its token is canceled, by the call's name:
/// 30 seconds for Stat, Update, Usage, Mounts and List, 5 minutes for Remove and Cleanup, 30 minutes for Prepare, View and
/// Commit. A shorter time of the caller's wins.
/// </summary>
public sealed class CallTimeouts
{
    // containerd has a lock, or a transaction, while it waits for these; Prepare and Commit may fetch or write a layer.
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(30), Long = TimeSpan.FromMinutes(5), Longest = TimeSpan.FromMinutes(30);

    private readonly Dictionary<string, TimeSpan> _timeouts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Stat"] = Short,
        ["Update"] = Short,
        ["Usage"] = Short,
        ["Mounts"] = Short,
        ["List"] = Short,
        ["Remove"] = Long,
        ["Cleanup"] = Long,
        ["Prepare"] = Longest,
        ["View"] = Longest,
        ["Commit"] = Longest,
    };

    /// <summary>The names of the calls, as containerd's service has them.</summary>
    public IReadOnlyCollection<string> Calls => _timeouts.Keys;

    /// <summary>The time for a call.</summary>
    /// <param name="call">Its name: <c>Stat</c>, <c>Prepare</c>, ... in either case.</param>
    /// <exception cref="ArgumentException">There is no such call, or the time is not positive, or above 49 days.</exception>
    public TimeSpan this[string call]
    {
        get => _timeouts.TryGetValue(call, out var timeout) ? timeout : throw Unknown(call);
        set
        {
            if (!_timeouts.ContainsKey(call))
                throw Unknown(call);

            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxTimeout);
            _timeouts[call] = value;
        }
    }

    /// <summary>What a timer of .NET can wait for.</summary>
    internal static TimeSpan MaxTimeout { get; } = TimeSpan.FromDays(49);

    private static ArgumentException Unknown(string call) => new($"containerd has no call \"{call}\".", nameof(call));
}
