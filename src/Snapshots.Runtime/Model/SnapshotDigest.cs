using System.Diagnostics.CodeAnalysis;

namespace Containerd.Snapshots;

/// <summary>
/// A digest such as <c>sha256:HEX</c>, as the OCI image specification defines it. Labels come from clients of containerd, so a
/// label must become a path only as a checked digest: <see cref="Algorithm"/> and <see cref="Hex"/> have only lower-case
/// letters and digits.
/// </summary>
public sealed record SnapshotDigest
{
    private SnapshotDigest(string algorithm, string hex)
    {
        Algorithm = algorithm;
        Hex = hex;
    }

    /// <summary>The algorithm: <c>sha256</c> or <c>sha512</c>.</summary>
    public string Algorithm { get; }

    /// <summary>The hash: 64 or 128 lower-case hexadecimal digits.</summary>
    public string Hex { get; }

    /// <summary>Parses a digest with one of the algorithms that the specification registers.</summary>
    /// <param name="text">The text, such as a label's value; null is no digest.</param>
    /// <param name="digest">The digest, or null.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out SnapshotDigest? digest)
    {
        digest = text?.Split(':') is [var algorithm, var hex] && hex.Length == LengthOf(algorithm) && hex.All(char.IsAsciiHexDigitLower)
            ? new(algorithm, hex)
            : null;
        return digest is not null;
    }

    /// <summary><c>ALGORITHM:HEX</c>.</summary>
    public override string ToString() => $"{Algorithm}:{Hex}";

    private static int LengthOf(string algorithm) => algorithm switch
    {
        "sha256" => 64,
        "sha512" => 128,
        _ => -1,
    };
}
