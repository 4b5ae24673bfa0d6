using System.IO.Enumeration;
using Containerd.Snapshots.Remote.Hosts;

namespace Containerd.Snapshots.Remote.Credentials;

/// <summary>
/// A pattern for images, as the kubelet has it: <c>HOST[:PORT][/PATH]</c>. A <c>*</c> in a part of the host's name stands for any
/// characters of that part; the path is the beginning of the image's.
/// </summary>
internal static class ImagePattern
{
    private static readonly string[] DockerHubNames = [HostName.DockerHub, HostName.DockerHubRegistry, "index.docker.io"];

    /// <summary>Whether a pattern fits an image.</summary>
    /// <param name="pattern">The pattern. A scheme before it and <c>/v1</c> or <c>/v2</c> after it, as docker writes them, are ignored.</param>
    /// <param name="host">The image's host.</param>
    /// <param name="repository">The image's path.</param>
    public static bool Fits(string pattern, string host, string repository)
    {
        var text = Plain(pattern);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var (authority, path) = slash < 0 ? (text, "") : (text[..slash], text[(slash + 1)..]);
        return path.Length <= repository.Length && repository.StartsWith(path, StringComparison.Ordinal) && FitsHost(authority, host);
    }

    /// <summary>A pattern without what docker writes around it, by which the most exact ones come first.</summary>
    public static string Plain(string pattern)
    {
        var text = pattern.StartsWith("https://", StringComparison.Ordinal) ? pattern[8..]
            : pattern.StartsWith("http://", StringComparison.Ordinal) ? pattern[7..]
            : pattern;
        text = text.TrimEnd('/');
        return text.EndsWith("/v1", StringComparison.Ordinal) || text.EndsWith("/v2", StringComparison.Ordinal) ? text[..^3] : text;
    }

    private static bool FitsHost(string pattern, string host)
    {
        if (pattern == host || (DockerHubNames.Contains(pattern) && DockerHubNames.Contains(host)))
            return true;

        // A pattern without a port fits a host without one only.
        if (HostName.PortOf(pattern) != HostName.PortOf(host))
            return false;

        var (wanted, parts) = (HostName.WithoutPort(pattern).Split('.'), HostName.WithoutPort(host).Split('.'));
        return wanted.Length == parts.Length && wanted.Zip(parts).All(pair => FileSystemName.MatchesSimpleExpression(pair.First, pair.Second));
    }
}
