using Containerd.Snapshots.Remote.Credentials;

namespace Containerd.Snapshots.Remote.Http;

/// <summary>For what a token is asked, and where.</summary>
/// <param name="Realm">The token server.</param>
/// <param name="Service">The registry's name there; empty for none.</param>
/// <param name="Scope">The access that is asked for; empty for none.</param>
internal sealed record TokenQuestion(Uri Realm, string Service, string Scope)
{
    private const int MaxText = 1024;

    /// <summary>Reads a registry's challenge.</summary>
    /// <param name="host">The registry.</param>
    /// <param name="challenge">Its challenge, of the scheme bearer.</param>
    /// <param name="repository">The repository that is asked for; empty for none.</param>
    /// <param name="isPlain">Whether the registry itself is asked without TLS, so that its token server may be, too.</param>
    /// <exception cref="RegistryException">Denied: no token can be asked for.</exception>
    public static TokenQuestion Of(string host, Challenge challenge, string repository, bool isPlain)
    {
        if (!Uri.TryCreate(challenge["realm"], UriKind.Absolute, out var realm) || realm.Scheme is not ("http" or "https") || realm.UserInfo.Length > 0)
            throw new RegistryException(RegistryError.Denied, $"{host} asks for a token, but does not say where to get one");
        if (realm.Scheme == "http" && !isPlain)
            throw new RegistryException(RegistryError.Denied, $"{host} asks for a token from a server without TLS, which gets no credentials");
        if (challenge["service"].Length > MaxText || challenge["scope"].Length > MaxText)
            throw new RegistryException(RegistryError.Denied, $"{host} asks for a token in too many words");

        var scope = challenge["scope"] is { Length: > 0 } given ? given : repository.Length > 0 ? $"repository:{repository}:pull" : "";
        return new(realm, challenge["service"], scope);
    }

    /// <summary>The request: a POST for an identity token, as OAuth2 has it, otherwise a GET.</summary>
    public HttpRequestMessage Message(RegistryCredentials? credentials)
    {
        var message = credentials?.IdentityToken is { } token
            ? new HttpRequestMessage(HttpMethod.Post, Realm) { Content = new FormUrlEncodedContent([.. Fields(), new("grant_type", "refresh_token"), new("client_id", UserAgent.Name), new("refresh_token", token)]) }
            : new HttpRequestMessage(HttpMethod.Get, Address());
        UserAgent.AddTo(message);
        if (credentials?.Basic is { } basic)
            message.Headers.TryAddWithoutValidation("Authorization", basic);
        return message;
    }

    private Uri Address()
    {
        var query = string.Join('&', Fields().Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}"));
        return new UriBuilder(Realm) { Query = string.Join('&', ((string[])[Realm.Query.TrimStart('?'), query]).Where(part => part.Length > 0)) }.Uri;
    }

    private IEnumerable<KeyValuePair<string, string>> Fields() =>
        ((KeyValuePair<string, string>[])[new("service", Service), new("scope", Scope)]).Where(field => field.Value.Length > 0);
}
