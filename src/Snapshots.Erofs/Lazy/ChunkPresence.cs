using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Erofs.Lazy;

/// <summary>
/// Which chunks of an image are stored. The file has a header of 4 KiB and two bitmaps: chunks that were <em>written</em>, which
/// holds as long as the machine runs, and chunks that are <em>durable</em>, whose bits are written after their data were synced.
/// The members are not thread-safe.
/// </summary>
/// <remarks>
/// A written chunk is trusted. After an unclean stop of the machine, which shows in another boot id and a missing mark of a clean
/// close, the first bitmap is cleared. A chunk that is only durable is a suspect: it is verified before it is shown.
/// </remarks>
internal sealed class ChunkPresence : IDisposable
{
    private const ulong Magic = 0x31_53_45_52_50_5A_4C_45; // "ELZPRES1"
    private const uint Version = 1, CleanFlag = 1, RefusedFlag = 2;
    private const int HeaderLength = 4096, HashOffset = 16, BootOffset = 48, BootLength = 36, FlagsOffset = 84, ReasonOffset = 88, MaxReason = 2000;

    private readonly SafeFileHandle _file;
    private readonly byte[] _header = new byte[HeaderLength];
    private readonly byte[] _written, _durable;
    private readonly int _count;

    private ChunkPresence(SafeFileHandle file, int count)
    {
        (_file, _count) = (file, count);
        _written = new byte[(count + 7) / 8];
        _durable = new byte[_written.Length];
    }

    /// <summary>The number of written chunks.</summary>
    public int Written { get; private set; }

    /// <summary>Why the image is refused; null if it is not.</summary>
    public string? Refusal { get; private set; }

    /// <summary>The id that the kernel takes at each start of the machine.</summary>
    public static string CurrentBoot { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>Opens the file, or begins a new one if it is missing, damaged, or belongs to another table.</summary>
    /// <param name="path">The path.</param>
    /// <param name="table">The table of the chunks.</param>
    /// <param name="boot">The boot id.</param>
    public static ChunkPresence Open(string path, ChunkTable table, string boot)
    {
        var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            var presence = new ChunkPresence(file, table.Count);
            presence.Load(table.Hash, boot);
            return presence;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether a chunk is written.</summary>
    public bool this[int index] => (_written[index >> 3] & (1 << (index & 7))) != 0;

    /// <summary>Whether a chunk has to be verified before it is shown.</summary>
    public bool IsSuspect(int index) => ((_durable[index >> 3] & ~_written[index >> 3]) & (1 << (index & 7))) != 0;

    /// <summary>Whether all chunks of a range are written.</summary>
    public bool AreWritten(int first, int end)
    {
        for (var index = first; index < end; index++)
        {
            if (!this[index])
                return false;
        }

        return true;
    }

    /// <summary>Notes that a chunk's data were written.</summary>
    public void SetWritten(int index)
    {
        if (this[index])
            return;

        _written[index >> 3] |= (byte)(1 << (index & 7));
        Written++;
        TryWrite(_written.AsSpan(index >> 3, 1), HeaderLength + (index >> 3));
    }

    /// <summary>Forgets a suspect that is damaged.</summary>
    public void Clear(int index)
    {
        _durable[index >> 3] &= (byte)~(1 << (index & 7));
        TryWrite(_durable.AsSpan(index >> 3, 1), HeaderLength + _written.Length + (index >> 3));
    }

    /// <summary>A copy of what is written now: once the data are synced, <see cref="SetDurable"/> takes it.</summary>
    public byte[] CopyWritten() => [.. _written];

    /// <summary>Notes that chunks are durable; <see cref="Sync"/> makes it last.</summary>
    public void SetDurable(ReadOnlySpan<byte> synced)
    {
        for (var i = 0; i < synced.Length; i++)
            _durable[i] |= synced[i];

        RandomAccess.Write(_file, _durable, HeaderLength + _written.Length);
    }

    /// <summary>Forgets what was not synced: the kernel may have lost it after an error.</summary>
    public void ForgetUnsynced()
    {
        Written = 0;
        for (var i = 0; i < _written.Length; i++)
            Written += BitOperations.PopCount(_written[i] &= _durable[i]);

        RandomAccess.Write(_file, _written, HeaderLength);
    }

    /// <summary>Waits until the file is on the disk.</summary>
    public void Sync() => RandomAccess.FlushToDisk(_file);

    /// <summary>Notes that everything is on the disk, and nothing will change before the file is opened again.</summary>
    public void MarkClean() => SetFlag(CleanFlag);

    /// <summary>Notes that the image must not be shown, durably.</summary>
    public void Refuse(string reason)
    {
        Refusal = reason;
        _header.AsSpan(ReasonOffset).Clear();
        _ = Encoding.UTF8.TryGetBytes(reason.Length > MaxReason / 3 ? reason[..(MaxReason / 3)] : reason, _header.AsSpan(ReasonOffset, MaxReason), out _);
        SetFlag(RefusedFlag);
    }

    public void Dispose() => _file.Dispose();

    private void Load(in ChunkDigest table, string boot)
    {
        var length = HeaderLength + (2 * _written.Length);
        if (RandomAccess.GetLength(_file) == length && RandomAccess.Read(_file, _header, 0) == HeaderLength && IsOf(table))
        {
            Take(table, boot);
            return;
        }

        RandomAccess.SetLength(_file, 0);
        RandomAccess.Write(_file, new byte[length], 0); // So that bits need no space later.
        WriteHeader(table, boot);
    }

    private void Take(in ChunkDigest table, string boot)
    {
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(_header.AsSpan(FlagsOffset));
        var isSameBoot = _header.AsSpan(BootOffset, BootLength).SequenceEqual(Encoding.ASCII.GetBytes(boot));
        if ((flags & RefusedFlag) != 0)
            Refusal = Encoding.UTF8.GetString(_header.AsSpan(ReasonOffset, MaxReason)).TrimEnd('\0');

        ReadBits(_durable, HeaderLength + _written.Length);
        if (isSameBoot || (flags & CleanFlag) != 0)
        {
            ReadBits(_written, HeaderLength);
        }
        else
        {
            RandomAccess.Write(_file, _written, HeaderLength);
            Sync(); // Before the header says that these bits can be trusted.
        }

        WriteHeader(table, boot);
        if (!isSameBoot || (flags & CleanFlag) != 0)
            Sync();
    }

    private bool IsOf(in ChunkDigest table) =>
        BinaryPrimitives.ReadUInt64LittleEndian(_header) == Magic && BinaryPrimitives.ReadUInt32LittleEndian(_header.AsSpan(8)) == Version
        && BinaryPrimitives.ReadInt32LittleEndian(_header.AsSpan(12)) == _count && new ChunkDigest(_header.AsSpan(HashOffset, ChunkDigest.Length)) == table;

    private void ReadBits(byte[] bits, long offset)
    {
        if (RandomAccess.Read(_file, bits, offset) < bits.Length)
            Array.Clear(bits);
        if (_count % 8 > 0)
            bits[^1] &= (byte)((1 << (_count % 8)) - 1);

        Written = 0;
        foreach (var eight in _written)
            Written += BitOperations.PopCount(eight);
    }

    private void WriteHeader(in ChunkDigest table, string boot)
    {
        if (Refusal is null)
            Array.Clear(_header);

        BinaryPrimitives.WriteUInt64LittleEndian(_header, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(_header.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(_header.AsSpan(12), _count);
        table.CopyTo(_header.AsSpan(HashOffset));
        Encoding.ASCII.GetBytes(boot).CopyTo(_header.AsSpan(BootOffset, BootLength));
        BinaryPrimitives.WriteUInt32LittleEndian(_header.AsSpan(FlagsOffset), Refusal is null ? 0 : RefusedFlag);
        RandomAccess.Write(_file, _header, 0);
    }

    // A bit that is missing in the file costs a fetch or a verification after a restart, and nothing else.
    private void TryWrite(ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(_file, bytes, offset);
        }
        catch (IOException)
        {
            // No space on a file system that copies on write, or the disk failed.
        }
    }

    private void SetFlag(uint flag)
    {
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(_header.AsSpan(FlagsOffset)) | flag;
        BinaryPrimitives.WriteUInt32LittleEndian(_header.AsSpan(FlagsOffset), flags);
        RandomAccess.Write(_file, _header, 0);
        Sync();
    }
}
