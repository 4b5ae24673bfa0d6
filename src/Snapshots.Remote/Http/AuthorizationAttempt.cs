using System.Runtime.CompilerServices;
using Containerd.Snapshots.Remote.Credentials;

namespace Containerd.Snapshots.Remote.Http;

/// <summary>What one request tries after the host has said 401: the node's credentials in turn, then a token without any.</summary>
internal sealed class AuthorizationAttempt(Authorizer authorizer, RegistryRequest request, bool isPlain) : IAsyncDisposable
{
    // More answers of 401 than this are not about credentials any more.
    private const int Max = 20;

    private IAsyncEnumerator<Grant>? _grants;
    private string? _failure;
    private int _found, _tried;

    /// <summary>Returns the next header to try.</summary>
    /// <param name="challenges">What the host accepts.</param>
    /// <param name="refused">The header that was refused; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RegistryException">Denied: nothing is left. Or the token server fails.</exception>
    public async Task<string> NextAsync(IReadOnlyList<Challenge> challenges, string? refused, CancellationToken cancellationToken)
    {
        var header = _tried++ == Max
            ? null
            : await authorizer.RenewAsync(request.Repository, refused, NextGrantAsync, cancellationToken).ConfigureAwait(false);
        return header ?? throw Denied();

        async Task<Grant?> NextGrantAsync()
        {
            _grants ??= GrantsAsync(challenges, cancellationToken).GetAsyncEnumerator(cancellationToken);
            return await _grants.MoveNextAsync().ConfigureAwait(false) ? _grants.Current : null;
        }
    }

    public ValueTask DisposeAsync() => _grants?.DisposeAsync() ?? default;

    private async IAsyncEnumerable<Grant> GrantsAsync(IReadOnlyList<Challenge> challenges, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var bearer = challenges.FirstOrDefault(challenge => challenge.Scheme == "bearer") is { } asked
            ? TokenQuestion.Of(authorizer.Host, asked, request.Repository, isPlain)
            : null;
        var basic = challenges.Any(challenge => challenge.Scheme == "basic");

        foreach (var anew in authorizer.Credentials.Keeps ? [false, true] : (bool[])[false])
        {
            var found = await authorizer.Credentials.FindAsync(authorizer.Host, request.Repository, anew, cancellationToken).ConfigureAwait(false);
            (_found, _failure) = (_found + found.All.Count, _failure ?? found.Failure);
            foreach (var credentials in found.All)
            {
                if (await GrantAsync(bearer, basic, credentials, cancellationToken).ConfigureAwait(false) is { } grant)
                    yield return grant;
            }
        }

        if (bearer is not null && await GrantAsync(bearer, basic, credentials: null, cancellationToken).ConfigureAwait(false) is { } anonymous)
            yield return anonymous;
    }

    private async Task<Grant?> GrantAsync(TokenQuestion? bearer, bool basic, RegistryCredentials? credentials, CancellationToken cancellationToken)
    {
        if (credentials?.RegistryToken is { } own)
            return new($"Bearer {own}", DateTimeOffset.MaxValue);
        if (bearer is not null)
        {
            var answer = await authorizer.Tokens.AskAsync(bearer, credentials, cancellationToken).ConfigureAwait(false);
            return answer is var (token, lifetime) ? new($"Bearer {token}", authorizer.In(lifetime), IsAnonymous: credentials is null) : null;
        }

        return basic && credentials?.Basic is { } header ? new(header, DateTimeOffset.MaxValue) : null;
    }

    private RegistryException Denied() => new(
        RegistryError.Denied,
        $"{authorizer.Host} denies {request.What}: {(_found > 0 ? "it does not accept the node's credentials" : "the node has no credentials for it")}"
            + (_failure is null ? "" : $"; {_failure}"));
}
