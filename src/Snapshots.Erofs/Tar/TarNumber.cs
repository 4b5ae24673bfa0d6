namespace Containerd.Snapshots.Erofs.Tar;

/// <summary>A number in a header: octal digits, or GNU's binary form.</summary>
internal static class TarNumber
{
    /// <summary>Reads a number; an empty field is 0.</summary>
    public static bool TryParse(ReadOnlySpan<byte> field, out long number) =>
        (field[0] & 0x80) != 0 ? TryParseBinary(field, out number) : TryParseOctal(field.Trim([(byte)' ', (byte)0]), out number);

    private static bool TryParseOctal(ReadOnlySpan<byte> digits, out long number)
    {
        number = 0;
        foreach (var digit in digits)
        {
            if (digit == 0)
                break; // What follows is not part of it.
            if (digit is < (byte)'0' or > (byte)'7' || number > long.MaxValue / 8)
                return false;

            number = (number * 8) + digit - '0';
        }

        return true;
    }

    // Two's complement, but for the first bit, which marks the form.
    private static bool TryParseBinary(ReadOnlySpan<byte> field, out long number)
    {
        var isNegative = (field[0] & 0x40) != 0;
        var inverted = isNegative ? (byte)0xFF : (byte)0;
        number = 0;
        for (var i = 0; i < field.Length; i++)
        {
            if (number >> 55 != 0)
                return false;

            number = (number << 8) | (byte)((field[i] ^ inverted) & (i == 0 ? 0x7F : 0xFF));
        }

        if (isNegative)
            number = ~number;

        return true;
    }
}
