using System.Text.Json;
using Containerd.Snapshots.Remote.Hosts;

namespace Containerd.Snapshots.Remote.Credentials;

/// <summary>For what a provider's answer may be used again.</summary>
internal enum CacheKeyType
{
    Image,
    Registry,
    Global,
}

/// <summary>The answer of a credential provider.</summary>
internal sealed class ProviderAnswer
{
    private readonly IReadOnlyList<(string Pattern, RegistryCredentials Credentials)> _all;

    private ProviderAnswer(IReadOnlyList<(string Pattern, RegistryCredentials Credentials)> all) => _all = all;

    public CacheKeyType CacheKeyType { get; private init; }

    /// <summary>How long it may be kept; zero for not at all.</summary>
    public TimeSpan CacheDuration { get; private init; }

    public static string Question(string apiVersion, string image) =>
        JsonSerializer.Serialize(new ProviderRequestJson { ApiVersion = apiVersion, Image = image }, CredentialJson.Default.ProviderRequestJson);

    /// <summary>Reads an answer.</summary>
    /// <exception cref="RegistryException">Misconfigured: it is none. The message has nothing of the text.</exception>
    public static ProviderAnswer Parse(string text, CredentialProvider provider)
    {
        try
        {
            var answer = JsonSerializer.Deserialize(text, CredentialJson.Default.ProviderResponseJson);
            if (answer?.Kind != "CredentialProviderResponse" || !Enum.TryParse<CacheKeyType>(answer.CacheKeyType, out var type) || !Enum.IsDefined(type))
                throw NoAnswer(provider);

            var duration = provider.DefaultCacheDuration;
            if (answer.CacheDuration is { Length: > 0 } given && !GoDuration.TryParse(given, out duration))
                throw NoAnswer(provider);

            return new(
            [
                .. (answer.Auth ?? []).Where(auth => auth.Value is not null)
                    .OrderByDescending(auth => ImagePattern.Plain(auth.Key), StringComparer.Ordinal)
                    .Select(auth => (auth.Key, RegistryCredentials.OfUser(auth.Value!.User ?? "", auth.Value.Password ?? ""))),
            ])
            {
                CacheKeyType = type,
                CacheDuration = duration,
            };
        }
        catch (JsonException)
        {
            throw NoAnswer(provider);
        }
    }

    public IEnumerable<RegistryCredentials> For(string host, string repository) =>
        _all.Where(each => ImagePattern.Fits(each.Pattern, host, repository)).Select(each => each.Credentials);

    private static RegistryException NoAnswer(CredentialProvider provider) =>
        new(RegistryError.Misconfigured, $"the credential provider {provider.Name} answers something else than a CredentialProviderResponse");
}
