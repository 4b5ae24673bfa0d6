using Containerd.Snapshots.Remote;

namespace Samples.Lazy.Filling;

/// <summary>What the operator says about lazy layers.</summary>
internal sealed record LazyOptions
{
    /// <summary>The word for all images.</summary>
    public const string All = "*";

    /// <summary>
    /// Whose images may be lazy: HOST or HOST/PREFIX, up to a slash or the end; <see cref="All"/> for every image. None by default:
    /// until a lazy layer is verified, it has the name of the layer that it claims to be.
    /// </summary>
    public IReadOnlyList<string> From { get; init; } = [];

    /// <summary>How long a read waits for its bytes before it fails.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>In which time a layer has to be verified; it is refused otherwise. Null for no limit.</summary>
    public TimeSpan? VerifyWithin { get; init; }

    /// <summary>How many bytes a second are fetched to complete lazy layers, all together; null for no limit. Reads have none.</summary>
    public long? FetchRate { get; init; }

    /// <summary>How many bytes of the disk stay free: below, lazy layers are not completed. Reads go on.</summary>
    public long MinFree { get; init; }

    /// <summary>Why an image may not be lazy; null if it may.</summary>
    public string? Refuses(ImageReference image)
    {
        var name = $"{image.Host}/{image.Repository}/";
        return From.Any(from => from == All || name.StartsWith(from.TrimEnd('/') + "/", StringComparison.Ordinal))
            ? null
            : "no --lazy-from names the image";
    }
}
