using System.Runtime.InteropServices;
using Containerd.Snapshots;
using Samples.Lazy.Layers;

namespace Samples.Lazy.Filling;

/// <summary>
/// Which parts of a layer's image the last starts on this node read first: ROOT/layers/order/NAME, pairs of 64-bit offsets. It
/// outlives the layer, and is fetched first when the layer comes again. What it says is only a matter of speed.
/// </summary>
internal sealed class StartOrder
{
    private const int MaxParts = 1024, MaxFiles = 1000;

    private readonly Lock _lock = new();
    private readonly List<Part> _parts = [];
    private readonly string _path;
    private bool _isChanged;

    private StartOrder(string path) => _path = path;

    /// <summary>The parts that were read, in order.</summary>
    public IReadOnlyList<(long Offset, long End)> Parts
    {
        get
        {
            lock (_lock)
                return [.. _parts.Select(part => (part.Offset, part.End))];
        }
    }

    /// <summary>Reads what is known of a layer.</summary>
    public static StartOrder Open(string directory, SnapshotDigest layer)
    {
        var order = new StartOrder(Path.Combine(directory, LayerFolder.NameOf(layer)));
        try
        {
            if (new FileInfo(order._path) is { Exists: true, Length: <= MaxParts * 16 })
                order._parts.AddRange(MemoryMarshal.Cast<byte, Part>(File.ReadAllBytes(order._path)));
        }
        catch (IOException)
        {
            // As if it were not there.
        }

        return order;
    }

    /// <summary>Notes a part that someone had to wait for.</summary>
    public void Note(long offset, long end)
    {
        lock (_lock)
        {
            if (_parts.Count == MaxParts || _parts.Exists(part => part.Offset <= offset && part.End >= end))
                return;

            _parts.Add(new(offset, end));
            _isChanged = true;
        }
    }

    /// <summary>Writes what was noted.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save()
    {
        byte[] bytes;
        lock (_lock)
        {
            if (!_isChanged)
                return;

            _isChanged = false;
            bytes = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_parts)).ToArray();
        }

        var directory = Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        File.WriteAllBytes(_path + ".new", bytes);
        File.Move(_path + ".new", _path, overwrite: true);
        foreach (var old in directory.EnumerateFiles().OrderByDescending(file => file.LastWriteTimeUtc).Skip(MaxFiles))
            old.Delete();
    }

    private readonly record struct Part(long Offset, long End);
}
