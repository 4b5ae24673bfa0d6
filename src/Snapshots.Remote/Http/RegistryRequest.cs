using System.Net.Http.Headers;

namespace Containerd.Snapshots.Remote.Http;

/// <summary>A question to a registry.</summary>
/// <param name="Registry">The host of the image's reference, which mirrors are told.</param>
/// <param name="Repository">The repository; empty for the API as a whole.</param>
/// <param name="Path">The rest of the path, such as <c>blobs/DIGEST</c>; empty for the API as a whole.</param>
internal sealed record RegistryRequest(string Registry, string Repository, string Path)
{
    /// <summary>The media types that are understood.</summary>
    public string Accept { get; init; } = "*/*";

    /// <summary>The part of the blob that is wanted; null for all.</summary>
    public RangeHeaderValue? Range { get; init; }

    /// <summary>What is asked for, in a message.</summary>
    public string What => Repository.Length == 0 ? "the registry" : $"{Path.Replace("manifests/", "manifest ", StringComparison.Ordinal).Replace("blobs/", "blob ", StringComparison.Ordinal)} of {Repository}";
}
