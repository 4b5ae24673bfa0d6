using Containerd.Snapshots.Remote.Hosts;

namespace Containerd.Snapshots.Remote.Credentials;

/// <summary>A credential provider of the kubelet's configuration.</summary>
/// <param name="Name">The program's name, a file in the kubelet's folder of such programs.</param>
/// <param name="MatchImages">The images that it is asked about.</param>
/// <param name="ApiVersion">The version of the question, which the answer has, too.</param>
internal sealed record CredentialProvider(string Name, IReadOnlyList<string> MatchImages, string ApiVersion)
{
    public TimeSpan DefaultCacheDuration { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>It wants the token of a pod's service account, which no snapshotter has.</summary>
    public bool NeedsPod { get; init; }
}

/// <summary>The kubelet's file CredentialProviderConfig, versions v1, v1beta1 and v1alpha1, in YAML or JSON.</summary>
internal static class ProviderConfig
{
    private const string Group = "kubelet.config.k8s.io/", RequestGroup = "credentialprovider.kubelet.k8s.io/";

    private static readonly string[] Versions = ["v1", "v1beta1", "v1alpha1"];

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">The file is malformed.</exception>
    public static IReadOnlyList<CredentialProvider> Read(string text)
    {
        var root = YamlDocument.Parse(text) as Dictionary<string, object> ?? throw new FormatException("it is not a mapping");
        if (Text(root, "kind") != "CredentialProviderConfig" || !IsVersion(Text(root, "apiVersion"), Group))
            throw new FormatException("it is not a CredentialProviderConfig of version v1, v1beta1 or v1alpha1");

        return [.. List(root, "providers").Select(item => ReadProvider(item as Dictionary<string, object> ?? throw new FormatException("a provider is not a mapping")))];
    }

    private static CredentialProvider ReadProvider(Dictionary<string, object> provider)
    {
        var name = Text(provider, "name");
        if (name.Length == 0 || name is "." or ".." || name.Contains('/', StringComparison.Ordinal))
            throw new FormatException("a provider's name is not the name of a file");
        if (!IsVersion(Text(provider, "apiVersion"), RequestGroup))
            throw new FormatException($"the provider {name} has an unknown apiVersion");
        if (Text(provider, "defaultCacheDuration") is var text && !GoDuration.TryParse(text.Length > 0 ? text : "0", out var duration))
            throw new FormatException($"the provider {name} has a defaultCacheDuration that is not a duration");

        return new(name, Texts(provider, "matchImages"), Text(provider, "apiVersion"))
        {
            DefaultCacheDuration = duration,
            Arguments = Texts(provider, "args"),
            Environment = [.. List(provider, "env").OfType<Dictionary<string, object>>().Select(entry => KeyValuePair.Create(Text(entry, "name"), Text(entry, "value")))],
            NeedsPod = provider.ContainsKey("tokenAttributes"),
        };
    }

    private static bool IsVersion(string text, string group) =>
        text.StartsWith(group, StringComparison.Ordinal) && Versions.Contains(text[group.Length..]);

    private static string Text(Dictionary<string, object> map, string key) => map.GetValueOrDefault(key) as string ?? "";

    private static List<object> List(Dictionary<string, object> map, string key) => map.GetValueOrDefault(key) as List<object> ?? [];

    private static string[] Texts(Dictionary<string, object> map, string key) => [.. List(map, key).OfType<string>()];
}
