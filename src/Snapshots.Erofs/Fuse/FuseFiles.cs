using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Containerd.Snapshots.Erofs.Fuse;

/// <summary>
/// The files of the mount. The number of a file comes from the hash of its name: it is the same after a restart, because the
/// kernel goes on to use it.
/// </summary>
internal sealed class FuseFiles
{
    /// <summary>The number of the root directory, FUSE_ROOT_ID.</summary>
    public const ulong Root = 1;

    /// <summary>The longest name, in bytes.</summary>
    public const int MaxName = 255;

    private readonly ConcurrentDictionary<ulong, FuseFile> _files = new();

    /// <summary>Adds a file.</summary>
    /// <exception cref="ArgumentException">The name is none for a file, or is taken.</exception>
    public void Add(string name, LazyImage image)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        if (bytes.Length is 0 or > MaxName || name is "." or ".." || bytes.AsSpan().ContainsAny((byte)'/', (byte)0))
            throw new ArgumentException($"\"{name}\" is no name of a file", nameof(name));
        if (!_files.TryAdd(NumberOf(bytes), new(bytes, image)))
            throw new ArgumentException($"there is already a file \"{name}\"", nameof(name));
    }

    /// <summary>Removes a file; false if there is none.</summary>
    public bool Remove(string name) => _files.TryRemove(NumberOf(Encoding.UTF8.GetBytes(name)), out _);

    /// <summary>Finds a file by its name.</summary>
    public LazyImage? Find(ReadOnlySpan<byte> name, out ulong node)
    {
        node = NumberOf(name);
        return _files.TryGetValue(node, out var file) && name.SequenceEqual(file.Name) ? file.Image : null;
    }

    /// <summary>Finds a file by its number.</summary>
    public LazyImage? Find(ulong node) => _files.TryGetValue(node, out var file) ? file.Image : null;

    /// <summary>Writes the entries of the directory, sorted by their numbers.</summary>
    /// <param name="body">Takes as many entries as there is room for.</param>
    /// <param name="offset">How many entries were read before.</param>
    public int WriteDirectory(Span<byte> body, long offset)
    {
        var used = 0;
        var next = offset;
        foreach (var (node, file) in _files.OrderBy(each => each.Key).Skip((int)Math.Min(offset, int.MaxValue)))
        {
            var length = FuseReply.WriteDirectoryEntry(body[used..], node, ++next, file.Name);
            if (length == 0)
                break;

            used += length;
        }

        return used;
    }

    // Neither 0 nor the root's.
    private static ulong NumberOf(ReadOnlySpan<byte> name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name, hash);
        return (BinaryPrimitives.ReadUInt64LittleEndian(hash) >> 1) | 2;
    }

    private sealed record FuseFile(byte[] Name, LazyImage Image);
}
