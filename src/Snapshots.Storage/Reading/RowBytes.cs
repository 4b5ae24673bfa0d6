using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Containerd.Snapshots.Storage.Reading;

/// <summary>A snapshot as bytes in memory, which take a third of what its objects take. The name comes first.</summary>
internal static class RowBytes
{
    public static byte[] Write(StoredSnapshot row)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        WriteText(bytes, row.Info.Name);
        WriteNumber(bytes, row.Number);
        WriteText(bytes, row.Info.Parent);
        WriteNumber(bytes, (long)row.Info.Kind);
        WriteNumber(bytes, row.Info.CreatedAt.UtcTicks);
        WriteNumber(bytes, row.Info.UpdatedAt.UtcTicks);
        WriteNumber(bytes, row.Info.Labels.Count);
        foreach (var (key, value) in row.Info.Labels)
        {
            WriteText(bytes, key);
            WriteText(bytes, value);
        }

        WriteNumber(bytes, row.Usage is null ? 0 : 1);
        if (row.Usage is { } usage)
        {
            WriteNumber(bytes, usage.Size);
            WriteNumber(bytes, usage.Inodes);
        }

        WriteNumber(bytes, row.Parents.Count);
        foreach (var parent in row.Parents)
            WriteNumber(bytes, parent);

        return bytes.WrittenSpan.ToArray();
    }

    public static StoredSnapshot Read(ReadOnlySpan<byte> bytes)
    {
        var rest = bytes;
        var name = ReadText(ref rest);
        return new()
        {
            Number = ReadNumber(ref rest),
            Info = new()
            {
                Name = name,
                Parent = ReadText(ref rest),
                Kind = (SnapshotKind)ReadNumber(ref rest),
                CreatedAt = ReadTime(ref rest),
                UpdatedAt = ReadTime(ref rest),
                Labels = ReadLabels(ref rest),
            },
            Usage = ReadNumber(ref rest) == 0 ? null : new(ReadNumber(ref rest), ReadNumber(ref rest)),
            Parents = ReadParents(ref rest),
        };
    }

    /// <summary>Whether these are the bytes of a snapshot with a name, in UTF-8.</summary>
    public static bool HasName(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> name) =>
        BinaryPrimitives.ReadInt32LittleEndian(bytes) == name.Length && bytes.Slice(sizeof(int), name.Length).SequenceEqual(name);

    private static Dictionary<string, string> ReadLabels(ref ReadOnlySpan<byte> rest)
    {
        var count = (int)ReadNumber(ref rest);
        var labels = new Dictionary<string, string>(count);
        for (; count > 0; count--)
            labels.Add(ReadText(ref rest), ReadText(ref rest));

        return labels;
    }

    private static long[] ReadParents(ref ReadOnlySpan<byte> rest)
    {
        var parents = new long[ReadNumber(ref rest)];
        foreach (ref var parent in parents.AsSpan())
            parent = ReadNumber(ref rest);

        return parents;
    }

    private static void WriteText(ArrayBufferWriter<byte> bytes, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.GetSpan(sizeof(int)), length);
        bytes.Advance(sizeof(int));
        bytes.Advance(Encoding.UTF8.GetBytes(text, bytes.GetSpan(length)));
    }

    private static string ReadText(ref ReadOnlySpan<byte> rest)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
        var text = Encoding.UTF8.GetString(rest.Slice(sizeof(int), length));
        rest = rest[(sizeof(int) + length)..];
        return text;
    }

    private static void WriteNumber(ArrayBufferWriter<byte> bytes, long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes.GetSpan(sizeof(long)), number);
        bytes.Advance(sizeof(long));
    }

    private static long ReadNumber(ref ReadOnlySpan<byte> rest)
    {
        var number = BinaryPrimitives.ReadInt64LittleEndian(rest);
        rest = rest[sizeof(long)..];
        return number;
    }

    private static DateTimeOffset ReadTime(ref ReadOnlySpan<byte> rest) => new(ReadNumber(ref rest), TimeSpan.Zero);
}
