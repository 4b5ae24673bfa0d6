using System.Buffers.Binary;

namespace Containerd.Snapshots.Erofs.Fuse;

/// <summary>What kernel and server agreed on in INIT. It is kept with the descriptor, for the next server.</summary>
/// <param name="Minor">The minor version of the protocol; the major one is 7.</param>
/// <param name="Flags">The flags that both know.</param>
internal sealed record FuseSession(uint Minor, ulong Flags)
{
    /// <summary>The most bytes of a READ: 1 MiB, 256 pages.</summary>
    public const int MaxRead = 1 << 20;

    /// <summary>The longest message that the kernel may write: it asks for room for its smallest WRITE.</summary>
    public const int MaxRequest = 8192;

    /// <summary>The length of <see cref="Save"/>, in bytes.</summary>
    public const int SavedLength = 24;

    private const uint Major = 7, MaxMinor = 40, MinMinor = 28; // FUSE_MAX_PAGES came with 7.28, Linux 4.20.
    private const int InitLength = 64, MaxWrite = 4096, MaxBackground = 64, CongestionThreshold = 48;
    private const ulong AsyncRead = 1, ParallelDirectories = 1 << 18, MaxPages = 1 << 22, HasMoreFlags = 1 << 30, CanResend = 1UL << 39;
    private const ulong Wanted = AsyncRead | ParallelDirectories | MaxPages | HasMoreFlags | CanResend;
    private const uint Magic = 0x46_5A_4C_45, Version = 1; // "ELZF"

    /// <summary>Whether the kernel sends requests again to the next server (Linux 6.9).</summary>
    public bool Resends => (Flags & CanResend) != 0;

    /// <summary>Answers INIT.</summary>
    /// <param name="request"><c>struct fuse_init_in</c>.</param>
    /// <param name="reply">Takes <c>struct fuse_init_out</c>.</param>
    /// <param name="session">What was agreed on; null if the kernel has a newer major version, and will ask again.</param>
    /// <returns>The length of the answer; 0 if the kernel is too old or the request is none.</returns>
    public static int Answer(ReadOnlySpan<byte> request, Span<byte> reply, out FuseSession? session)
    {
        session = null;
        if (request.Length < 16)
            return 0;

        reply[..InitLength].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(reply, Major);
        var (major, minor) = (BinaryPrimitives.ReadUInt32LittleEndian(request), BinaryPrimitives.ReadUInt32LittleEndian(request[4..]));
        if (major > Major)
            return InitLength;
        if (major < Major || minor < MinMinor)
            return 0;

        session = new(Math.Min(minor, MaxMinor), OfferedFlags(request) & Wanted);
        session.Write(reply, BinaryPrimitives.ReadUInt32LittleEndian(request[8..]));
        return InitLength;
    }

    /// <summary>Writes the agreement.</summary>
    public byte[] Save()
    {
        var saved = new byte[SavedLength];
        BinaryPrimitives.WriteUInt32LittleEndian(saved, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(saved.AsSpan(4), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(saved.AsSpan(8), Minor);
        BinaryPrimitives.WriteUInt64LittleEndian(saved.AsSpan(16), Flags);
        return saved;
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or a newer version wrote it.</exception>
    public static FuseSession Load(ReadOnlySpan<byte> saved)
    {
        if (saved.Length < SavedLength || BinaryPrimitives.ReadUInt32LittleEndian(saved) != Magic)
            throw new InvalidDataException("the state of the FUSE mount is damaged");
        if (BinaryPrimitives.ReadUInt32LittleEndian(saved[4..]) is var version && version != Version)
            throw new InvalidDataException($"the state of the FUSE mount has version {version}, and this program knows version {Version}");

        return new(BinaryPrimitives.ReadUInt32LittleEndian(saved[8..]), BinaryPrimitives.ReadUInt64LittleEndian(saved[16..]));
    }

    private static ulong OfferedFlags(ReadOnlySpan<byte> request)
    {
        var flags = (ulong)BinaryPrimitives.ReadUInt32LittleEndian(request[12..]);
        return (flags & HasMoreFlags) != 0 && request.Length >= 20 ? flags | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(request[16..]) << 32) : flags;
    }

    private void Write(Span<byte> reply, uint maxReadAhead)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(reply[4..], Minor);
        BinaryPrimitives.WriteUInt32LittleEndian(reply[8..], Math.Min(maxReadAhead, MaxRead));
        BinaryPrimitives.WriteUInt32LittleEndian(reply[12..], (uint)Flags);
        BinaryPrimitives.WriteUInt16LittleEndian(reply[16..], MaxBackground);
        BinaryPrimitives.WriteUInt16LittleEndian(reply[18..], CongestionThreshold);
        BinaryPrimitives.WriteUInt32LittleEndian(reply[20..], MaxWrite);
        BinaryPrimitives.WriteUInt32LittleEndian(reply[24..], 1); // Times in nanoseconds.
        BinaryPrimitives.WriteUInt16LittleEndian(reply[28..], (ushort)(MaxRead / Environment.SystemPageSize));
        BinaryPrimitives.WriteUInt32LittleEndian(reply[32..], (uint)(Flags >> 32));
    }
}
