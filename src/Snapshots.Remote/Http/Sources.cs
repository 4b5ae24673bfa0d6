using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Remote.Http;

/// <summary>
/// The hosts that something is tried from, in turn: one that fails for good is not asked again, others after a while. When there
/// has been no progress for too long, or no host is left, the last failure is thrown. Used by one thread at a time.
/// </summary>
internal sealed class Sources
{
    // A host that did not answer this short a time ago is asked last.
    private static readonly TimeSpan Grudge = TimeSpan.FromSeconds(30);

    private readonly string _what;
    private readonly Patience _patience;
    private readonly ILogger _logger;
    private readonly List<Source> _sources;
    private RegistryException? _last;
    private long? _failingSince;

    public Sources(IReadOnlyList<RegistryEndpoint> endpoints, string what, Patience patience, ILogger logger)
    {
        (_what, _patience, _logger) = (what, patience, logger);
        _sources = [.. endpoints.OrderBy(HasFailedLately).Select(endpoint => new Source(endpoint))];
    }

    /// <summary>Returns the host to ask next; waits until one may be asked.</summary>
    /// <exception cref="RegistryException">The last failure.</exception>
    public async ValueTask<Source> NextAsync(CancellationToken cancellationToken)
    {
        if (_sources.Count == 0)
            throw _last!;

        var now = _patience.Time.GetTimestamp();
        var next = _sources.Find(source => source.Postponed(now, _patience) <= TimeSpan.Zero) ?? _sources.MinBy(source => source.Postponed(now, _patience))!;
        if (next.Postponed(now, _patience) is var wait && wait <= TimeSpan.Zero)
            return next;

        var left = _patience.WithoutProgress - _patience.Time.GetElapsedTime(_failingSince ?? now);
        if (left > TimeSpan.Zero)
            await Task.Delay(wait < left ? wait : left, _patience.Time, cancellationToken).ConfigureAwait(false);
        return wait < left ? next : throw _last!;
    }

    /// <summary>A host has failed.</summary>
    public void Failed(Source source, RegistryException failure)
    {
        HttpLog.Failed(_logger, _what, failure.Message);
        _last = failure;
        _failingSince ??= _patience.Time.GetTimestamp();
        if (failure.IsTransient)
        {
            source.Postpone(failure.RetryAfter, _patience);
            source.Endpoint.FailedAt = _patience.Time.GetTimestamp();
        }
        else
        {
            _sources.Remove(source);
        }

        if (_patience.Time.GetElapsedTime(_failingSince.Value) >= _patience.WithoutProgress)
            _sources.Clear();
    }

    /// <summary>Something has come from a host.</summary>
    public void Progressed(Source source)
    {
        _failingSince = null;
        source.Endpoint.FailedAt = 0;
        source.Reset();
    }

    private bool HasFailedLately(RegistryEndpoint endpoint) =>
        endpoint.FailedAt is not 0 and var failed && _patience.Time.GetElapsedTime(failed) < Grudge;
}

/// <summary>A host that something is tried from.</summary>
internal sealed class Source(RegistryEndpoint endpoint)
{
    private int _failures;
    private (long Since, TimeSpan For) _postponed;

    public RegistryEndpoint Endpoint => endpoint;

    /// <summary>It answers a range with the whole blob.</summary>
    public bool IgnoresRanges { get; set; }

    /// <summary>How long it must not be asked yet; zero or less if it may be.</summary>
    public TimeSpan Postponed(long now, Patience patience) => _postponed.For - patience.Time.GetElapsedTime(_postponed.Since, now);

    public void Postpone(TimeSpan? asked, Patience patience) => _postponed = (patience.Time.GetTimestamp(), Patience.Backoff(++_failures, asked));

    public void Reset() => (_failures, _postponed) = (0, default);
}
