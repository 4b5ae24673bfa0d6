using System.Security.Cryptography;

namespace Containerd.Snapshots.Remote.Fetching;

/// <summary>Computes digests.</summary>
internal static class Digests
{
    /// <summary>A hash of the digest's algorithm.</summary>
    public static IncrementalHash Hash(SnapshotDigest digest) =>
        IncrementalHash.CreateHash(digest.Algorithm == "sha512" ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256);

    /// <summary>The digest of some bytes, of the same algorithm as another digest.</summary>
    public static SnapshotDigest Of(ReadOnlySpan<byte> bytes, string algorithm) =>
        From(algorithm, algorithm == "sha512" ? SHA512.HashData(bytes) : SHA256.HashData(bytes));

    /// <summary>The digest of what a hash was given; the hash begins anew.</summary>
    public static SnapshotDigest Finish(IncrementalHash hash, string algorithm) => From(algorithm, hash.GetHashAndReset());

    private static SnapshotDigest From(string algorithm, byte[] hash) =>
        SnapshotDigest.TryParse($"{algorithm}:{Convert.ToHexStringLower(hash)}", out var digest) ? digest : throw new InvalidOperationException($"A hash of {algorithm} is no digest.");
}
