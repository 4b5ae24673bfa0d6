using System.Diagnostics;
using System.Globalization;

namespace Containerd.Snapshots.Runtime.Limits;

/// <summary>A call's time limits: the server's, and the caller's if it sent one.</summary>
/// <param name="Limit">The server's limit for this method.</param>
/// <param name="Asked">The caller's limit; <see cref="TimeSpan.MaxValue"/> for none.</param>
internal readonly record struct CallTime(TimeSpan Limit, TimeSpan Asked)
{
    /// <summary>The shorter of the two.</summary>
    public TimeSpan Shortest => Asked < Limit ? Asked : Limit;

    /// <summary>Adds a time to a <see cref="Stopwatch"/> timestamp.</summary>
    public static long After(long timestamp, TimeSpan time) => timestamp + (long)(time.TotalSeconds * Stopwatch.Frequency);

    /// <summary>When the call times out, as a timestamp.</summary>
    /// <param name="started">When the call began. The caller's limit counts from then.</param>
    /// <param name="progress">When the call last made progress. The server's limit counts from then.</param>
    public long DeadlineOf(long started, long progress)
    {
        var limit = After(progress, Limit);
        return IsAsked ? Math.Min(limit, After(started, Asked)) : limit;
    }

    /// <summary>Whether the caller's limit ends before the server's.</summary>
    public bool IsCallers(long started, long progress) => IsAsked && After(started, Asked) < After(progress, Limit);

    /// <summary>Which limit ended the call, and how to change it, for the caller and the log.</summary>
    public string Describe(string method, bool isStreaming, long started, long progress) => IsCallers(started, progress)
        ? $"the caller's deadline of {InWords(Asked)} passed"
        : $"{method} {(isStreaming ? "made no progress for" : "took longer than")} {InWords(Limit)}, its limit (option --call-timeout {method}=TIME, or CallTimeouts[\"{method}\"])";

    private bool IsAsked => Asked != TimeSpan.MaxValue;

    private static string InWords(TimeSpan time) => time < TimeSpan.FromSeconds(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.###} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}
