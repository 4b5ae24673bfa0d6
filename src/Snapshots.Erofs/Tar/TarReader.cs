using System.Text;
using Containerd.Snapshots.Erofs.Input;

namespace Containerd.Snapshots.Erofs.Tar;

/// <summary>
/// Reads a tar archive entry by entry, in the formats that layers come in: v7, ustar, star, POSIX and GNU, with sparse files of
/// the POSIX format. It reads what Go's <c>archive/tar</c> reads, which containerd uses, and refuses what that refuses. What it
/// keeps in memory is bounded, whatever the archive says.
/// </summary>
/// <param name="archive">The archive.</param>
internal sealed class TarReader(HashedReader archive)
{
    // Of records and of a long path, as in Go.
    private const int MaxExtraLength = 1 << 20;

    private readonly byte[] _header = new byte[TarHeader.Length];
    private readonly TarEntry _entry = new();

    // What the archive still has of the current entry, and the padding behind it.
    private long _rest;
    private int _padding;

    private TarHeader Header => new(_header);

    /// <summary>Moves to the next entry.</summary>
    /// <returns>The entry, valid until the next call, or null at the end.</returns>
    /// <exception cref="InvalidDataException">The archive is damaged or ends too early.</exception>
    public async ValueTask<TarEntry?> NextAsync(CancellationToken cancellationToken)
    {
        TarRecords? records = null;
        ReadOnlyMemory<byte> path = default, target = default;
        while (await ReadHeaderAsync(cancellationToken).ConfigureAwait(false))
        {
            switch (Header.Type)
            {
                case TarType.Records:
                    records = TarRecords.Parse(await ReadExtraAsync(cancellationToken).ConfigureAwait(false));
                    break;
                case TarType.GlobalRecords:
                    // containerd ignores them, but for the entry's path.
                    _ = TarRecords.Parse(await ReadExtraAsync(cancellationToken).ConfigureAwait(false));
                    Header.Describe(_entry);
                    return _entry;
                case TarType.GnuLongPath:
                    path = TextIn(await ReadExtraAsync(cancellationToken).ConfigureAwait(false));
                    break;
                case TarType.GnuLongTarget:
                    target = TextIn(await ReadExtraAsync(cancellationToken).ConfigureAwait(false));
                    break;
                default:
                    Describe(records, path, target);
                    if (records is not null)
                        await ReadSparseAsync(records, cancellationToken).ConfigureAwait(false);

                    return _entry;
            }
        }

        return null;
    }

    /// <summary>Returns the next bytes of the current entry's stored content, valid until the next call; none at its end.</summary>
    /// <param name="most">The most bytes to return.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidDataException">The archive ends too early.</exception>
    public ValueTask<ReadOnlyMemory<byte>> TakeAsync(long most, CancellationToken cancellationToken)
    {
        most = Math.Min(most, _rest);
        if (most == 0)
            return default;

        var taken = archive.TakeAsync(most, cancellationToken);
        return taken.IsCompletedSuccessfully ? new(Count(taken.Result)) : Awaited(taken);

        async ValueTask<ReadOnlyMemory<byte>> Awaited(ValueTask<ReadOnlyMemory<byte>> pending) => Count(await pending.ConfigureAwait(false));
    }

    private ReadOnlyMemory<byte> Count(ReadOnlyMemory<byte> taken)
    {
        _rest -= taken.IsEmpty ? throw TooShort() : taken.Length;
        return taken;
    }

    private void Describe(TarRecords? records, ReadOnlyMemory<byte> path, ReadOnlyMemory<byte> target)
    {
        Header.Describe(_entry);
        records?.Apply(_entry);
        _entry.Path = path.IsEmpty ? _entry.Path : path;
        _entry.Target = target.IsEmpty ? _entry.Target : target;
        if (_entry.Type == TarType.OldRegular)
            _entry.Type = _entry.Path.Span is [.., (byte)'/'] ? TarType.Directory : TarType.Regular;

        CheckSize(_entry.Size);
        Limit(HasContent(_entry.Type) ? _entry.Size : 0); // Some archives give links the size of their targets, without content.
    }

    private async ValueTask ReadSparseAsync(TarRecords records, CancellationToken cancellationToken)
    {
        var parts = records.Parts;
        if (parts is null && !records.HasMapInContent)
            return;
        if (!HasContent(_entry.Type))
            throw new InvalidDataException("the tar archive is damaged: a sparse file is no regular file");

        records.ApplySparse(_entry);
        _entry.Parts = parts ?? await new SparseMap(ReadAllAsync).ReadAsync(cancellationToken).ConfigureAwait(false);
        CheckParts(_entry.Parts);
    }

    private async ValueTask<bool> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        await SkipAsync(cancellationToken).ConfigureAwait(false);
        if (!await ReadBlockAsync(cancellationToken).ConfigureAwait(false))
            return false; // Some archives have no end mark.

        if (Header.IsEmpty)
        {
            // The end mark is two such blocks; some archives have one.
            return await ReadBlockAsync(cancellationToken).ConfigureAwait(false) && !Header.IsEmpty
                ? throw new InvalidDataException("the tar archive is damaged: a header is empty")
                : false;
        }

        Header.Check();
        return true;
    }

    private async ValueTask<bool> ReadBlockAsync(CancellationToken cancellationToken) =>
        await archive.ReadAsync(_header, cancellationToken).ConfigureAwait(false) switch
        {
            0 => false,
            TarHeader.Length => true,
            _ => throw TooShort(),
        };

    private async ValueTask SkipAsync(CancellationToken cancellationToken)
    {
        for (_rest += _padding; _rest > 0;)
            _ = await TakeAsync(_rest, cancellationToken).ConfigureAwait(false);

        _padding = 0;
    }

    private async ValueTask<byte[]> ReadExtraAsync(CancellationToken cancellationToken)
    {
        var size = Header.Size;
        CheckSize(size);
        if (size > MaxExtraLength)
            throw new InvalidDataException($"the tar archive has a path or records of {size} bytes, more than the limit of {MaxExtraLength}");

        Limit(size);
        var extra = new byte[size];
        await ReadAllAsync(extra, cancellationToken).ConfigureAwait(false);
        return extra;
    }

    private async ValueTask ReadAllAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (buffer.Length > 0)
        {
            var taken = await TakeAsync(buffer.Length, cancellationToken).ConfigureAwait(false);
            if (taken.IsEmpty)
                throw TooShort();

            taken.CopyTo(buffer);
            buffer = buffer[taken.Length..];
        }
    }

    private void Limit(long size)
    {
        _rest = size;
        _padding = (int)(-size & (TarHeader.Length - 1));
    }

    // Ascending, inside the file, and as long together as what is stored.
    private void CheckParts(IReadOnlyList<TarPart> parts)
    {
        CheckSize(_entry.Size);
        var (end, length) = (0L, 0L);
        foreach (var part in parts)
        {
            if (part.Offset < end || part.Length < 0 || part.Length > _entry.Size - part.Offset)
                throw new InvalidDataException($"the tar archive is damaged: the parts of the sparse file \"{Name()}\" overlap, or are outside of it");

            end = part.Offset + part.Length;
            length += part.Length;
        }

        if (length != _rest)
            throw new InvalidDataException($"the tar archive is damaged: the sparse file \"{Name()}\" has {_rest} bytes of content, and its parts {length}");
    }

    private string Name() => Encoding.UTF8.GetString(_entry.Path.Span[..Math.Min(_entry.Path.Length, 200)]);

    private static bool HasContent(TarType type) => type is not
        (TarType.HardLink or TarType.SymbolicLink or TarType.CharacterDevice or TarType.BlockDevice or TarType.Directory or TarType.Pipe);

    private static void CheckSize(long size)
    {
        if (size < 0)
            throw new InvalidDataException($"the tar archive is damaged: an entry has a size of {size}");
    }

    private static ReadOnlyMemory<byte> TextIn(byte[] extra) => extra.AsMemory(0, Array.IndexOf(extra, (byte)0) is >= 0 and var end ? end : extra.Length);

    private static InvalidDataException TooShort() => new("the tar archive ends in the middle of an entry");
}
