using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Containerd.Snapshots.Remote;

/// <summary>
/// The full reference of an image, as containerd has it: <c>HOST/REPOSITORY[:TAG][@DIGEST]</c>, such as
/// <c>docker.io/library/debian:12</c>. The grammar is that of the distribution project, so no part can leave a path or an
/// address: host and repository have no empty, <c>.</c> or <c>..</c> component.
/// </summary>
public sealed partial record ImageReference
{
    private const int MaxLength = 1024, MaxNameLength = 255;

    private ImageReference(string host, string repository, string? tag, SnapshotDigest? digest)
    {
        Host = host;
        Repository = repository;
        Tag = tag;
        Digest = digest;
    }

    /// <summary>The registry's name, with a port if it has one: <c>docker.io</c>, <c>localhost:5000</c>, <c>[::1]:5000</c>.</summary>
    public string Host { get; }

    /// <summary>The path at the registry, such as <c>library/debian</c>.</summary>
    public string Repository { get; }

    /// <summary>The tag, or null.</summary>
    public string? Tag { get; }

    /// <summary>The digest of the manifest or index, or null.</summary>
    public SnapshotDigest? Digest { get; }

    /// <summary>Parses a full reference. Short names such as <c>debian</c> are none: containerd knows no default registry.</summary>
    /// <param name="text">The text; null is no reference.</param>
    /// <param name="image">The reference, or null.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ImageReference? image)
    {
        image = text is { Length: <= MaxLength } ? Parse(text) : null;
        return image is not null;
    }

    /// <summary>The reference in full.</summary>
    public override string ToString() => $"{Host}/{Repository}{(Tag is null ? "" : $":{Tag}")}{(Digest is null ? "" : $"@{Digest}")}";

    private static ImageReference? Parse(string text)
    {
        var match = Grammar().Match(text);
        if (!match.Success || match.Groups["host"].Length + match.Groups["path"].Length >= MaxNameLength)
            return null;

        SnapshotDigest? digest = null;
        if (match.Groups["digest"] is { Success: true } given && !SnapshotDigest.TryParse(given.Value, out digest))
            return null;

        return new(match.Groups["host"].Value, match.Groups["path"].Value, match.Groups["tag"] is { Success: true } tag ? tag.Value : null, digest);
    }

    // https://github.com/distribution/reference: the grammar of references, with a host that may not be left out.
    [GeneratedRegex("""
        \A
        (?<host> (?: [A-Za-z0-9] (?: [A-Za-z0-9-]* [A-Za-z0-9] )? (?: \. [A-Za-z0-9] (?: [A-Za-z0-9-]* [A-Za-z0-9] )? )* | \[ [0-9a-fA-F:]+ \] ) (?: : [0-9]{1,5} )? )
        / (?<path> [a-z0-9]+ (?: (?: [._] | __ | -+ ) [a-z0-9]+ )* (?: / [a-z0-9]+ (?: (?: [._] | __ | -+ ) [a-z0-9]+ )* )* )
        (?: : (?<tag> [A-Za-z0-9_] [A-Za-z0-9_.-]{0,127} ) )?
        (?: @ (?<digest> [a-z0-9]+ : [0-9a-f]+ ) )?
        \z
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Grammar();
}
