using System.Buffers.Text;

namespace Containerd.Snapshots.Erofs.Tar;

/// <summary>
/// The map of a sparse file of format 1.0, before its content: decimal numbers, each with a line feed, padded to whole blocks.
/// The first is the count, then come offset and length of each part.
/// </summary>
/// <param name="content">Reads the entry's content up to the limit.</param>
internal sealed class SparseMap(Func<Memory<byte>, CancellationToken, ValueTask> content)
{
    /// <summary>The most parts that a file can have here.</summary>
    public const int MaxParts = 1 << 16;

    private const int MaxDigits = 20;

    private readonly byte[] _block = new byte[TarHeader.Length];
    private int _next = TarHeader.Length;

    /// <exception cref="InvalidDataException">The map is damaged or too long.</exception>
    public async ValueTask<List<TarPart>> ReadAsync(CancellationToken cancellationToken)
    {
        var count = await NextAsync(cancellationToken).ConfigureAwait(false);
        if (count > MaxParts)
            throw new InvalidDataException($"a sparse file in the tar archive has {count} parts, more than the limit of {MaxParts}");

        var parts = new List<TarPart>();
        for (var i = 0; i < count; i++)
        {
            var offset = await NextAsync(cancellationToken).ConfigureAwait(false);
            parts.Add(new(offset, await NextAsync(cancellationToken).ConfigureAwait(false)));
        }

        return parts;
    }

    private async ValueTask<long> NextAsync(CancellationToken cancellationToken)
    {
        var digits = new byte[MaxDigits];
        for (var count = 0; count < MaxDigits; count++)
        {
            if (_next == _block.Length)
            {
                await content(_block, cancellationToken).ConfigureAwait(false);
                _next = 0;
            }

            digits[count] = _block[_next++];
            if (digits[count] != '\n')
                continue;

            if (Utf8Parser.TryParse(digits.AsSpan(0, count), out long number, out var used) && used == count && number >= 0)
                return number;

            break;
        }

        throw new InvalidDataException("the tar archive is damaged: the map of a sparse file is not made of numbers");
    }
}
