using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Containerd.Snapshots.Erofs;

/// <summary>The SHA-256 hash of a chunk's unpacked bytes, without an array of its own. The default value is 32 zeros.</summary>
public readonly struct ChunkDigest : IEquatable<ChunkDigest>
{
    /// <summary>The length of the hash, in bytes.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    private const string Prefix = "sha256:";

    private readonly Bytes _bytes;

    /// <summary>Takes a hash.</summary>
    /// <param name="hash">The hash, 32 bytes.</param>
    /// <exception cref="ArgumentException">It has another length.</exception>
    public ChunkDigest(ReadOnlySpan<byte> hash)
    {
        if (hash.Length != Length)
            throw new ArgumentException($"the hash has {hash.Length} bytes, not {Length}", nameof(hash));

        hash.CopyTo(_bytes);
    }

    /// <summary>Computes the hash of a chunk's bytes.</summary>
    public static ChunkDigest Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[Length];
        SHA256.HashData(content, hash);
        return new(hash);
    }

    /// <summary>Parses <c>sha256:HEX</c>, as tables of contents have it.</summary>
    /// <param name="text">The text: the prefix and 64 lower-case hexadecimal digits. Anything else is no digest.</param>
    /// <param name="digest">The digest, or 32 zeros.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out ChunkDigest digest)
    {
        Span<byte> hash = stackalloc byte[Length];
        var isDigest = text.Length == Prefix.Length + (2 * Length) && text.StartsWith(Prefix) && !text[Prefix.Length..].ContainsAnyInRange('A', 'Z')
            && Convert.FromHexString(text[Prefix.Length..], hash, out _, out _) == System.Buffers.OperationStatus.Done;
        digest = isDigest ? new(hash) : default;
        return isDigest;
    }

    /// <summary>Parses <c>sha256:HEX</c> in UTF-8, as tables of contents have it.</summary>
    /// <param name="text">The text: the prefix and 64 lower-case hexadecimal digits. Anything else is no digest.</param>
    /// <param name="digest">The digest, or 32 zeros.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out ChunkDigest digest)
    {
        Span<char> characters = stackalloc char[Prefix.Length + (2 * Length)];
        digest = default;
        return text.Length == characters.Length && System.Text.Ascii.ToUtf16(text, characters, out _) == System.Buffers.OperationStatus.Done
            && TryParse(characters, out digest);
    }

    /// <summary>Writes the hash.</summary>
    /// <param name="destination">Where to write it; at least 32 bytes long.</param>
    public void CopyTo(Span<byte> destination) => ((ReadOnlySpan<byte>)_bytes).CopyTo(destination);

    /// <inheritdoc/>
    public bool Equals(ChunkDigest other) => ((ReadOnlySpan<byte>)_bytes).SequenceEqual(other._bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ChunkDigest other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => MemoryMarshal.Read<int>(_bytes);

    /// <summary><c>sha256:HEX</c>.</summary>
    public override string ToString() => Prefix + Convert.ToHexStringLower(_bytes);

    /// <summary>Compares two hashes.</summary>
    public static bool operator ==(ChunkDigest left, ChunkDigest right) => left.Equals(right);

    /// <summary>Compares two hashes.</summary>
    public static bool operator !=(ChunkDigest left, ChunkDigest right) => !left.Equals(right);

    [InlineArray(Length)]
    private struct Bytes
    {
        private byte _first;
    }
}
