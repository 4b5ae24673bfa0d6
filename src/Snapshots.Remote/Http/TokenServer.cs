using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Containerd.Snapshots.Remote.Credentials;

namespace Containerd.Snapshots.Remote.Http;

/// <summary>Gets tokens where a registry says (the distribution project's token authentication, and OAuth2 for identity tokens).</summary>
internal sealed class TokenServer(HttpMessageInvoker client, Patience patience)
{
    private const int MaxAnswer = 1 << 20, MaxToken = 64 * 1024;

    // What the specification says where the server says nothing.
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromSeconds(60), Longest = TimeSpan.FromDays(1);

    /// <summary>Asks for a token.</summary>
    /// <param name="question">What to ask, and where.</param>
    /// <param name="credentials">What to show; null to ask anonymously.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The token and how long it lives; null if the server refuses the credentials.</returns>
    /// <exception cref="RegistryException">Unavailable: the server does not answer, or answers something else.</exception>
    public async Task<(string Token, TimeSpan Lifetime)?> AskAsync(TokenQuestion question, RegistryCredentials? credentials, CancellationToken cancellationToken)
    {
        var host = question.Realm.Authority;
        using var message = question.Message(credentials);
        using var response = await SendAsync(message, host, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest)
            return null;
        if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError)
            throw RegistryException.Transient($"the token server {host} answers {(int)response.StatusCode}", retryAfter: response.Headers.RetryAfter?.Delta);
        if (response.StatusCode != HttpStatusCode.OK)
            throw new RegistryException(RegistryError.Unavailable, $"the token server {host} answers {(int)response.StatusCode}");

        var bytes = await BoundedBody.ReadAsync(response, MaxAnswer, host, patience, cancellationToken).ConfigureAwait(false);
        return Parse(bytes) ?? throw new RegistryException(RegistryError.Unavailable, $"the token server {host} answers something else than a token");
    }

    /// <summary>Reads an answer; null if it is none.</summary>
    internal static (string Token, TimeSpan Lifetime)? Parse(byte[]? bytes)
    {
        try
        {
            var answer = bytes is null ? null : JsonSerializer.Deserialize(bytes, TokenJson.Default.TokenAnswer);
            var token = string.IsNullOrEmpty(answer?.Token) ? answer?.AccessToken : answer.Token;
            if (token is not { Length: > 0 and <= MaxToken } || token.Any(character => character is <= ' ' or > '~'))
                return null;

            var lifetime = answer!.ExpiresIn is > 0 ? TimeSpan.FromSeconds(Math.Min(answer.ExpiresIn.Value, (long)Longest.TotalSeconds)) : DefaultLifetime;
            return (token, lifetime < DefaultLifetime ? DefaultLifetime : lifetime);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, string host, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(patience.Connection, patience.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await client.SendAsync(message, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw HttpFailure.Stalled($"the token server {host}", patience.Connection);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw HttpFailure.Of($"the token server {host}", exception);
        }
    }
}

/// <summary>What a token server answers.</summary>
internal sealed record TokenAnswer
{
    [JsonPropertyName("token")]
    public string? Token { get; init; }

    [JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }

    /// <summary>In seconds.</summary>
    [JsonPropertyName("expires_in")]
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public long? ExpiresIn { get; init; }
}

[JsonSourceGenerationOptions(MaxDepth = 16)]
[JsonSerializable(typeof(TokenAnswer))]
internal sealed partial class TokenJson : JsonSerializerContext;
