using System.Net;

namespace Containerd.Snapshots.Remote.Http;

/// <summary>What every request has.</summary>
internal static class UserAgent
{
    /// <summary>The name under which registries know this client.</summary>
    public const string Name = "snapshots";

    /// <summary>HTTP/1.1, so that several requests are several connections.</summary>
    public static void AddTo(HttpRequestMessage message)
    {
        message.Version = HttpVersion.Version11;
        message.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        message.Headers.TryAddWithoutValidation("User-Agent", Name);
    }
}
