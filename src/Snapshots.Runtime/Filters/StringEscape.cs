using System.Buffers;
using System.Text;

namespace Containerd.Snapshots.Runtime.Filters;

/// <summary>The escapes of a Go string.</summary>
internal static class StringEscape
{
    /// <summary>Reads an escape and writes, in UTF-8, what it stands for.</summary>
    /// <param name="text">What starts with the backslash.</param>
    /// <param name="quote">The quote that the text is in, the only one that can be escaped.</param>
    /// <param name="bytes">Where to write it.</param>
    /// <param name="length">How long the escape is.</param>
    public static bool TryRead(ReadOnlySpan<char> text, char quote, IBufferWriter<byte> bytes, out int length)
    {
        var kind = text.Length > 1 ? text[1] : '\0';
        if (TryReadSingle(kind, quote, out var single))
        {
            length = 2;
            return TryWriteByte(single, bytes);
        }

        var (start, count, radix) = kind switch
        {
            >= '0' and <= '7' => (1, 3, 8),
            'x' => (2, 2, 16),
            'u' => (2, 4, 16),
            'U' => (2, 8, 16),
            _ => default,
        };

        length = start + count;
        if (count == 0 || length > text.Length || !TryReadNumber(text[start..length], radix, out var number))
            return false;

        return kind is 'u' or 'U' ? TryWriteCharacter(number, bytes) : TryWriteByte(number, bytes);
    }

    private static bool TryReadSingle(char kind, char quote, out uint value)
    {
        value = kind switch
        {
            'a' => '\a',
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            '\\' => '\\',
            _ when kind == quote => quote,
            _ => '\0',
        };

        return value != 0;
    }

    private static bool TryReadNumber(ReadOnlySpan<char> digits, int radix, out uint number)
    {
        number = 0;
        foreach (var character in digits)
        {
            if (!TryReadDigit(character, out var digit) || digit >= radix)
                return false;

            number = (number * (uint)radix) + digit;
        }

        return true;
    }

    private static bool TryReadDigit(char character, out uint digit)
    {
        digit = (uint)(char.IsAsciiDigit(character) ? character - '0' : (character | 0x20) - 'a' + 10);
        return char.IsAsciiHexDigit(character);
    }

    private static bool TryWriteByte(uint value, IBufferWriter<byte> bytes)
    {
        if (value > byte.MaxValue)
            return false;

        bytes.Write([(byte)value]);
        return true;
    }

    private static bool TryWriteCharacter(uint value, IBufferWriter<byte> bytes)
    {
        // Go keeps a character in a signed number: one that comes out negative passes the check for the largest, and
        // for the smallest that takes more than a byte.
        if (value > int.MaxValue)
            return TryWriteByte(value & byte.MaxValue, bytes);

        if (value > 0x10FFFF)
            return false;

        var rune = Rune.TryCreate(value, out var valid) ? valid : Rune.ReplacementChar; // As Go encodes half a pair.
        rune.EncodeToUtf8(bytes.GetSpan(4));
        bytes.Advance(rune.Utf8SequenceLength);
        return true;
    }
}
