using Containerd.Snapshots.Remote.Credentials;

namespace Containerd.Snapshots.Remote.Http;

/// <summary>
/// The authorization at one host. Credentials are looked for only when the host says 401, anew each time, and only those that are
/// meant for this host. What it has granted is used until it expires or is refused.
/// </summary>
internal sealed class Authorizer(string host, NodeCredentials credentials, TokenServer tokens, TimeProvider time) : IDisposable
{
    private const int MaxGrants = 1024;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<string, Grant> _grants = new(StringComparer.Ordinal);

    public string Host => host;

    public NodeCredentials Credentials => credentials;

    public TokenServer Tokens => tokens;

    /// <summary>The header for a repository, or null if none is known.</summary>
    public string? Header(string repository) => Granted(repository)?.Header;

    /// <summary>What was granted for a repository, or null for nothing.</summary>
    public Grant? Granted(string repository)
    {
        lock (_grants)
            return _grants.TryGetValue(repository, out var grant) && grant.Until > time.GetUtcNow() ? grant : null;
    }

    /// <summary>Keeps what was granted, and forgets what was refused. One request does so at a time; others then use its grant.</summary>
    public async Task<string?> RenewAsync(string repository, string? refused, Func<Task<Grant?>> next, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Header(repository) is { } renewed && renewed != refused)
                return renewed;

            var grant = await next().ConfigureAwait(false);
            Keep(repository, grant);
            return grant?.Header;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>When something that lives for a time ends.</summary>
    public DateTimeOffset In(TimeSpan lifetime) => time.GetUtcNow() + lifetime;

    public void Dispose() => _turn.Dispose();

    private void Keep(string repository, Grant? grant)
    {
        lock (_grants)
        {
            if (_grants.Count >= MaxGrants)
                _grants.Clear();
            if (grant is null)
                _grants.Remove(repository);
            else
                _grants[repository] = grant;
        }
    }
}

/// <summary>What a host has granted.</summary>
/// <param name="Header">The value of the header Authorization.</param>
/// <param name="Until">When it expires.</param>
/// <param name="IsAnonymous">Whether it was granted without credentials.</param>
internal sealed record Grant(string Header, DateTimeOffset Until, bool IsAnonymous = false);
