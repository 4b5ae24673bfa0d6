namespace Containerd.Snapshots.Storage.Trees;

/// <summary>A stack of names that end in a zero, in one array: there may be millions.</summary>
internal sealed class NameStack
{
    private byte[] _bytes = [];
    private int _length;

    public void Push(ReadOnlySpan<byte> name)
    {
        if (_bytes.Length - _length < name.Length)
            Array.Resize(ref _bytes, Math.Max(_length + name.Length, Math.Max(256, _bytes.Length * 2)));

        name.CopyTo(_bytes.AsSpan(_length));
        _length += name.Length;
    }

    /// <summary>Removes the last name and returns it, or null if there is none.</summary>
    public byte[]? Pop()
    {
        if (_length == 0)
            return null;

        var start = _bytes.AsSpan(0, _length - 1).LastIndexOf((byte)0) + 1;
        var name = _bytes.AsSpan(start, _length - start).ToArray();
        _length = start;
        return name;
    }
}
