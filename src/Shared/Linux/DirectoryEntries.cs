using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Shared;

/// <summary>The entries of a directory, without <c>.</c> and <c>..</c>, in the kernel's order.</summary>
/// <param name="directory">The directory; reading starts at its handle's position.</param>
/// <param name="buffer">Memory for the entries and their names, of a few kilobytes.</param>
internal ref struct DirectoryEntries(SafeFileHandle directory, Span<byte> buffer)
{
    public const byte UnknownType = 0, DirectoryType = 4; // DT_UNKNOWN, DT_DIR

    // struct linux_dirent64: inode (8 bytes), position (8), length of the record (2), type (1), the name.
    private const int LengthOffset = 16, TypeOffset = 18, NameOffset = 19;

    private readonly Span<byte> _buffer = buffer;
    private int _position, _length;

    /// <summary>The entry's name, with a zero at its end.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The entry's type; <see cref="UnknownType"/> if the file system does not keep it.</summary>
    public byte Type { get; private set; }

    /// <summary>The error that ended the reading; 0 for none.</summary>
    public int Error { get; private set; }

    /// <summary>Whether a file system keeps the types of entries. The entry of the directory itself shows it, even in an empty one.</summary>
    public static bool HaveTypes(SafeFileHandle directory)
    {
        Span<byte> buffer = stackalloc byte[512];
        return Linux.ReadEntries(directory, buffer, out var length) == 0 && length > TypeOffset && buffer[TypeOffset] != UnknownType;
    }

    /// <summary>Goes to the next entry; returns false at the end, or after an error.</summary>
    public bool MoveNext()
    {
        while (_position < _length || Fill())
        {
            var record = _buffer[_position.._length];
            record = record[..BinaryPrimitives.ReadUInt16LittleEndian(record[LengthOffset..])];
            _position += record.Length;

            var name = record[NameOffset..];
            Name = name[..(name.IndexOf((byte)0) + 1)];
            Type = record[TypeOffset];
            if (!Name.SequenceEqual(".\0"u8) && !Name.SequenceEqual("..\0"u8))
                return true;
        }

        return false;
    }

    private bool Fill()
    {
        _position = 0;
        Error = Linux.ReadEntries(directory, _buffer, out _length);
        if (Error == Errno.NoSuchFile) // The directory was removed meanwhile, which ends the reading normally.
            Error = 0;

        return _length > 0;
    }
}
