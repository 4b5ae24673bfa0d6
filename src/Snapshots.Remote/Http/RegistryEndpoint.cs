using System.Net;
using System.Net.Http.Headers;
using Containerd.Snapshots.Remote.Credentials;
using Containerd.Snapshots.Remote.Hosts;

namespace Containerd.Snapshots.Remote.Http;

/// <summary>A host that is asked for images: its connections, its authorization, its redirects.</summary>
internal sealed class RegistryEndpoint : IDisposable
{
    private const int MaxRedirects = 5;

    private static readonly TimeSpan IdleConnections = TimeSpan.FromSeconds(30), OldConnections = TimeSpan.FromMinutes(10);

    private readonly RegistryHost _host;
    private readonly Patience _patience;
    private readonly HttpMessageInvoker _client;
    private readonly Authorizer _authorizer;
    private volatile bool _speaksPlain;

    /// <summary>Prepares a host; no connection is made.</summary>
    /// <exception cref="RegistryException">Misconfigured: a certificate cannot be read.</exception>
    public RegistryEndpoint(RegistryHost host, NodeCredentials credentials, Patience patience)
    {
        (_host, _patience) = (host, patience);
        _client = new(new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            ConnectTimeout = host.DialTimeout > TimeSpan.Zero ? host.DialTimeout : Timeout.InfiniteTimeSpan,
            MaxResponseDrainSize = 64 * 1024,
            PooledConnectionIdleTimeout = IdleConnections,
            PooledConnectionLifetime = OldConnections,
            SslOptions = HostTls.Of(host),
            UseCookies = false,
        });
        _authorizer = new(host.Authority, credentials, new(_client, patience), patience.Time);
    }

    /// <summary>Host, and port if it has one.</summary>
    public string Name => _host.Authority;

    public HostCapabilities Capabilities => _host.Capabilities;

    /// <summary>When the host was last found not to answer, as a timestamp of the clock; 0: it did, or was not asked.</summary>
    public long FailedAt { get; set; }

    private bool IsPlain => _host.Scheme == "http" && (!_host.TriesTlsFirst || _speaksPlain);

    /// <summary>Asks, with what the host needs to know of the node, and follows redirects.</summary>
    /// <returns>A successful answer, of which only the headers are read.</returns>
    /// <exception cref="RegistryException">Any other answer, or none.</exception>
    public async Task<HttpResponseMessage> SendAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        var header = _authorizer.Header(request.Repository);
        AuthorizationAttempt? attempt = null;
        try
        {
            while (true)
            {
                var (response, isOwn) = await FollowAsync(request, header, cancellationToken).ConfigureAwait(false);
                if (response.IsSuccessStatusCode)
                    return response;

                using (response)
                {
                    if (response.StatusCode != HttpStatusCode.Unauthorized || !isOwn)
                        throw Failed(request, response);

                    attempt ??= new(_authorizer, request, IsPlain);
                    header = await attempt.NextAsync(Challenges(response), header, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            if (attempt is not null)
                await attempt.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>What the host has granted for a repository, or null for nothing.</summary>
    public Grant? Granted(string repository) => _authorizer.Granted(repository);

    public void Dispose()
    {
        _client.Dispose();
        _authorizer.Dispose();
    }

    private static IReadOnlyList<Challenge> Challenges(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var values) ? Challenge.Read(values) : [];

    private RegistryException Failed(RegistryRequest request, HttpResponseMessage response)
    {
        // A server that has learnt TLS meanwhile.
        if (response.StatusCode == HttpStatusCode.BadRequest)
            _speaksPlain = false;
        return HttpFailure.Of(Name, request, response, _patience.Time.GetUtcNow());
    }

    // Neither the authorization nor the headers of hosts.toml go to another host, nor back to this one from there.
    private async Task<(HttpResponseMessage Response, bool IsOwn)> FollowAsync(RegistryRequest request, string? header, CancellationToken cancellationToken)
    {
        var (address, isOwn) = (Address(request), true);
        for (var redirects = 0; ; redirects++)
        {
            var response = await SendAsync(address, isOwn, request, header, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
                return (response, isOwn);

            using (response)
            {
                if (redirects == MaxRedirects)
                    throw new RegistryException(RegistryError.Unavailable, $"{Name} redirects {request.What} more than {MaxRedirects} times");

                var next = Next(address, response, request);
                isOwn = isOwn && next.Authority == address.Authority && next.Scheme == address.Scheme;
                address = next;
            }
        }
    }

    private Uri Next(Uri address, HttpResponseMessage response, RegistryRequest request)
    {
        if (response.Headers.Location is not { } location || !Uri.TryCreate(address, location, out var next) || next.Scheme is not ("http" or "https") || next.UserInfo.Length > 0)
            throw new RegistryException(RegistryError.Unavailable, $"{Name} redirects {request.What} to nowhere");

        return address.Scheme == "https" && next.Scheme == "http"
            ? throw new RegistryException(RegistryError.Unavailable, $"{Name} redirects {request.What} to {next.Authority} without TLS, which is not followed")
            : next;
    }

    private async Task<HttpResponseMessage> SendAsync(Uri address, bool isOwn, RegistryRequest request, string? header, CancellationToken cancellationToken)
    {
        try
        {
            return await SendOnceAsync(address, isOwn, request, header, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException exception) when (isOwn && _host.TriesTlsFirst && address.Scheme == "https" && exception.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            _speaksPlain = true;
            return await SendAsync(Address(request), isOwn, request, header, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw HttpFailure.Of(isOwn ? Name : address.Authority, exception);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw HttpFailure.Stalled(isOwn ? Name : address.Authority, _patience.Connection < _host.DialTimeout ? _patience.Connection : _host.DialTimeout);
        }
    }

    // The limit is on the headers: whoever reads the body has one of its own.
    private async Task<HttpResponseMessage> SendOnceAsync(Uri address, bool isOwn, RegistryRequest request, string? header, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, address);
        UserAgent.AddTo(message);
        message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        message.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        message.Headers.Range = request.Range;
        if (isOwn)
            AddOwn(message.Headers, header);

        using var limit = new CancellationTokenSource(_patience.Connection, _patience.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        return await _client.SendAsync(message, either.Token).ConfigureAwait(false);
    }

    private void AddOwn(HttpRequestHeaders headers, string? authorization)
    {
        foreach (var (name, value) in _host.Headers)
            headers.TryAddWithoutValidation(name, value);

        if (authorization is not null)
        {
            headers.Remove("Authorization");
            headers.TryAddWithoutValidation("Authorization", authorization);
        }
    }

    private Uri Address(RegistryRequest request)
    {
        var path = request.Repository.Length == 0 ? "/" : $"/{request.Repository}/{request.Path}";
        var query = _host.IsMirrorOf(request.Registry) ? $"?ns={Uri.EscapeDataString(request.Registry)}" : "";
        return new($"{(IsPlain ? "http" : "https")}://{_host.Authority}{_host.Path}{path}{query}");
    }
}
