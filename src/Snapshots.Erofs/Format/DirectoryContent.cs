using System.Buffers.Binary;
using System.Text;
using Containerd.Snapshots.Erofs.Tree;

namespace Containerd.Snapshots.Erofs.Format;

/// <summary>A name in a directory.</summary>
internal readonly record struct DirectoryEntry(string Name, Inode File);

/// <summary>
/// The content of a directory: blocks, each with its entries and then their names. All entries of a directory are sorted by
/// the bytes of their names, also <c>.</c> and <c>..</c>, because the kernel searches them so.
/// </summary>
internal static class DirectoryContent
{
    private const int EntryLength = 12;

    public static DirectoryEntry[] Sorted(Inode directory)
    {
        var entries = new DirectoryEntry[directory.Files!.Count + 2];
        var next = 0;
        entries[next++] = new(".", directory);
        entries[next++] = new("..", directory.Parent);
        foreach (var (name, file) in directory.Files)
            entries[next++] = new(name, file);

        Array.Sort(entries, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return entries;
    }

    /// <summary>The length of the whole content: full blocks, and the used part of the last.</summary>
    public static long LengthOf(DirectoryEntry[] entries)
    {
        var length = 0L;
        for (var first = 0; first < entries.Length;)
        {
            var (count, used) = FirstBlock(entries.AsSpan(first));
            first += count;
            length += first < entries.Length ? Blocks.Length : used;
        }

        return length;
    }

    /// <summary>Writes the content; the bytes after the names of a full block are zero.</summary>
    public static void Write(ReadOnlySpan<DirectoryEntry> entries, Stream stream)
    {
        Span<byte> block = stackalloc byte[Blocks.Length];
        while (entries.Length > 0)
        {
            var (count, used) = FirstBlock(entries);
            block.Clear();
            WriteBlock(entries[..count], block);
            entries = entries[count..];
            stream.Write(block[..(entries.Length > 0 ? Blocks.Length : used)]);
        }
    }

    private static void WriteBlock(ReadOnlySpan<DirectoryEntry> entries, Span<byte> block)
    {
        var at = entries.Length * EntryLength;
        for (var i = 0; i < entries.Length; i++)
        {
            var (name, file) = entries[i];
            var entry = block[(i * EntryLength)..];
            BinaryPrimitives.WriteInt64LittleEndian(entry, InodeContent.NumberOf(file));
            BinaryPrimitives.WriteUInt16LittleEndian(entry[8..], (ushort)at);
            entry[10] = (byte)file.Type;
            at += Encoding.Latin1.GetBytes(name, block[at..]);
        }
    }

    private static (int Count, int Used) FirstBlock(ReadOnlySpan<DirectoryEntry> entries)
    {
        var (count, used) = (0, 0);
        while (count < entries.Length && used + EntryLength + entries[count].Name.Length <= Blocks.Length)
            used += EntryLength + entries[count++].Name.Length;

        return (count, used);
    }
}
