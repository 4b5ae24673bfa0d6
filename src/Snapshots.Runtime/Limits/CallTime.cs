using System.Diagnostics;
using System.Globalization;

namespace Containerd.Snapshots.Runtime.Limits;

/// <summary>The time that a call has: the server's limit, and the caller's own if it sent one.</summary>
/// <param name="Limit">The server's limit for calls of this kind.</param>
/// <param name="Asked">The caller's time, or null.</param>
internal readonly record struct CallTime(TimeSpan Limit, TimeSpan? Asked)
{
    /// <summary>The shorter of the two.</summary>
    public TimeSpan Shortest => Asked < Limit ? Asked.Value : Limit;

    /// <summary>The timestamp that is some time after another.</summary>
    public static long After(long timestamp, TimeSpan time) => timestamp + (long)(time.TotalSeconds * Stopwatch.Frequency);

    /// <summary>When the time is up, as a timestamp.</summary>
    /// <param name="started">When the call began, from which the caller's time counts.</param>
    /// <param name="progress">When it last made progress, from which the limit counts.</param>
    public long DeadlineOf(long started, long progress)
    {
        var limit = After(progress, Limit);
        return Asked is { } asked ? Math.Min(limit, After(started, asked)) : limit;
    }

    /// <summary>Whether the caller's time is up before the limit.</summary>
    public bool IsCallers(long started, long progress) => Asked is { } asked && After(started, asked) < After(progress, Limit);

    /// <summary>Which time is up, and how to change it, for the caller and the log.</summary>
    public string Describe(string method, bool isStreaming, long started, long progress) => IsCallers(started, progress)
        ? $"the caller's deadline of {InWords(Asked!.Value)} passed"
        : $"{method} {(isStreaming ? "made no progress for" : "took longer than")} {InWords(Limit)}, its limit (option --call-timeout {method}=TIME, or CallTimeouts[\"{method}\"])";

    private static string InWords(TimeSpan time) => time < TimeSpan.FromSeconds(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.###} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}
