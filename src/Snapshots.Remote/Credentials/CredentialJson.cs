using System.Text.Json;
using System.Text.Json.Serialization;

namespace Containerd.Snapshots.Remote.Credentials;

/// <summary>docker's config.json, as far as it is about registries.</summary>
internal sealed record DockerConfigJson
{
    [JsonPropertyName("auths")]
    public Dictionary<string, DockerAuthJson?>? Auths { get; init; }

    [JsonPropertyName("credHelpers")]
    public Dictionary<string, string?>? Helpers { get; init; }

    [JsonPropertyName("credsStore")]
    public string? Store { get; init; }
}

/// <summary>An entry of docker's config.json.</summary>
internal sealed record DockerAuthJson
{
    [JsonPropertyName("auth")]
    public string? Auth { get; init; }

    [JsonPropertyName("username")]
    public string? User { get; init; }

    [JsonPropertyName("password")]
    public string? Password { get; init; }

    [JsonPropertyName("identitytoken")]
    public string? IdentityToken { get; init; }

    [JsonPropertyName("registrytoken")]
    public string? RegistryToken { get; init; }
}

/// <summary>What a docker credential helper answers.</summary>
internal sealed record HelperAnswerJson
{
    public string? Username { get; init; }

    public string? Secret { get; init; }
}

/// <summary>What a credential provider of the kubelet is asked.</summary>
internal sealed record ProviderRequestJson
{
    [JsonPropertyName("kind")]
    public string Kind => "CredentialProviderRequest";

    [JsonPropertyName("apiVersion")]
    public required string ApiVersion { get; init; }

    [JsonPropertyName("image")]
    public required string Image { get; init; }
}

/// <summary>What it answers.</summary>
internal sealed record ProviderResponseJson
{
    [JsonPropertyName("kind")]
    public string? Kind { get; init; }

    [JsonPropertyName("cacheKeyType")]
    public string? CacheKeyType { get; init; }

    [JsonPropertyName("cacheDuration")]
    public string? CacheDuration { get; init; }

    [JsonPropertyName("auth")]
    public Dictionary<string, ProviderAuthJson?>? Auth { get; init; }
}

/// <summary>Credentials in such an answer.</summary>
internal sealed record ProviderAuthJson
{
    [JsonPropertyName("username")]
    public string? User { get; init; }

    [JsonPropertyName("password")]
    public string? Password { get; init; }
}

[JsonSourceGenerationOptions(ReadCommentHandling = JsonCommentHandling.Disallow, MaxDepth = 32)]
[JsonSerializable(typeof(DockerConfigJson))]
[JsonSerializable(typeof(HelperAnswerJson))]
[JsonSerializable(typeof(ProviderRequestJson))]
[JsonSerializable(typeof(ProviderResponseJson))]
internal sealed partial class CredentialJson : JsonSerializerContext;
