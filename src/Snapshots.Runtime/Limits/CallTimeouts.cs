namespace Containerd.Snapshots;

/// <summary>
/// Time limits by call. A call that exceeds its limit is answered with DeadlineExceeded, and its token is canceled. The
/// defaults are 30 seconds for Stat, Update, Usage, Mounts and List (List from its last progress), 5 minutes for Remove
/// and Cleanup, and 30 minutes for Prepare, View and Commit. A shorter deadline of the caller takes precedence.
/// </summary>
public sealed class CallTimeouts
{
    // containerd holds a lock or a transaction during the short ones. Prepare and Commit may fetch or write a layer.
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

    /// <summary>The names of the calls in containerd's service.</summary>
    public IReadOnlyCollection<string> Calls => _timeouts.Keys;

    /// <summary>The time limit of a call.</summary>
    /// <param name="call">The name in containerd's service, in any case: <c>Stat</c>, <c>List</c>, ...</param>
    /// <exception cref="ArgumentException">The call is unknown, or the limit is not positive or exceeds 49 days.</exception>
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

    /// <summary>The longest time that a .NET timer supports.</summary>
    internal static TimeSpan MaxTimeout { get; } = TimeSpan.FromDays(49);

    private static ArgumentException Unknown(string call) => new($"containerd has no call \"{call}\": see {nameof(CallTimeouts)}.{nameof(Calls)} for the names.", nameof(call));
}
