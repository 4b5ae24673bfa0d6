using System.Collections.Concurrent;

namespace Containerd.Snapshots.Remote.Credentials;

/// <summary>The answers of credential providers, as long as they allow.</summary>
internal sealed class ProviderCache(TimeProvider time)
{
    private const int Max = 1024;

    private readonly ConcurrentDictionary<(string Provider, CacheKeyType Type, string Key), (ProviderAnswer Answer, DateTimeOffset Until)> _answers = new();

    public ProviderAnswer? Find(string provider, string host, string repository)
    {
        foreach (var type in Enum.GetValues<CacheKeyType>())
        {
            if (_answers.TryGetValue((provider, type, KeyOf(type, host, repository)), out var kept) && kept.Until > time.GetUtcNow())
                return kept.Answer;
        }

        return null;
    }

    public void Keep(string provider, string host, string repository, ProviderAnswer answer)
    {
        if (_answers.Count >= Max)
            _answers.Clear();
        if (answer.CacheDuration > TimeSpan.Zero)
            _answers[(provider, answer.CacheKeyType, KeyOf(answer.CacheKeyType, host, repository))] = (answer, time.GetUtcNow() + answer.CacheDuration);
    }

    private static string KeyOf(CacheKeyType type, string host, string repository) => type switch
    {
        CacheKeyType.Image => $"{host}/{repository}",
        CacheKeyType.Registry => host,
        _ => "",
    };
}
