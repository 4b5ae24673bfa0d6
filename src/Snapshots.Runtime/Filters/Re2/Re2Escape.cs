namespace Containerd.Snapshots.Runtime.Filters.Re2;

/// <summary>The escapes of RE2 that stand for a character or a class of them.</summary>
internal static class Re2Escape
{
    /// <summary>Whether the backslash that comes next starts a class: <c>\d</c>, <c>\pL</c>, ...</summary>
    public static bool IsClass(Re2Reader reader) =>
        reader.Peek == '\\' && reader.PeekSecond is 'd' or 'D' or 's' or 'S' or 'w' or 'W' or 'p' or 'P';

    /// <summary>Reads a class into a set; false for a category that is not known.</summary>
    public static bool TryReadClass(Re2Reader reader, CodePointSet set)
    {
        reader.Skip(1);
        var letter = (char)reader.ReadCharacter();
        if (letter is not ('p' or 'P'))
        {
            set.Add(Re2ClassNames.Letter(char.ToLowerInvariant(letter)), except: char.IsAsciiLetterUpper(letter));
            return true;
        }

        if (ReadCategoryName(reader) is not { } name)
            return false;

        var isExcept = letter == 'P' ^ name.StartsWith('^');
        return TryAddCategory(set, name.StartsWith('^') ? name[1..] : name, isExcept);
    }

    /// <summary>Reads a character: <c>\n</c>, <c>\x7F</c>, <c>\x{10FFFF}</c>, <c>\012</c>, <c>\.</c></summary>
    public static bool TryReadCharacter(Re2Reader reader, out int character)
    {
        character = -1;
        reader.Skip(1);
        if (reader.AtEnd)
            return false;

        var isDigit = reader.PeekSecond is >= '0' and <= '7';
        var escaped = reader.ReadCharacter();
        character = escaped switch
        {
            'a' => '\a',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            'x' => ReadHexadecimal(reader),
            '0' => ReadOctal(reader, 0),
            >= '1' and <= '7' when isDigit => ReadOctal(reader, escaped - '0'), // Alone it would refer back.
            < 0x80 when !char.IsAsciiLetterOrDigit((char)escaped) => escaped,
            _ => -1,
        };

        return character >= 0;
    }

    private static string? ReadCategoryName(Re2Reader reader)
    {
        if (reader.AtEnd)
            return null;

        return reader.TrySkip("{") ? reader.ReadUpTo("}") : char.ConvertFromUtf32(reader.ReadCharacter());
    }

    private static bool TryAddCategory(CodePointSet set, string name, bool isExcept)
    {
        if (name == "Any")
        {
            set.Add([(0, CodePointSet.Last)], isExcept);
            return true;
        }

        if (!Re2ClassNames.IsCategory(name))
            return false;

        set.AddCategory(name, isExcept);
        return true;
    }

    private static int ReadOctal(Re2Reader reader, int value)
    {
        for (var i = 0; i < 2 && reader.Peek is >= '0' and <= '7'; i++)
            value = (value * 8) + reader.ReadCharacter() - '0';

        return value;
    }

    private static int ReadHexadecimal(Re2Reader reader)
    {
        if (!reader.TrySkip("{"))
            return ReadHexadecimalDigit(reader) is var first and >= 0 && ReadHexadecimalDigit(reader) is var second and >= 0
                ? (first * 16) + second
                : -1;

        var value = ReadHexadecimalDigit(reader);
        while (value is >= 0 and <= CodePointSet.Last && !reader.TrySkip("}"))
            value = ReadHexadecimalDigit(reader) is var digit and >= 0 ? (value * 16) + digit : -1;

        return value <= CodePointSet.Last ? value : -1;
    }

    private static int ReadHexadecimalDigit(Re2Reader reader)
    {
        if (reader.Peek < 0 || !char.IsAsciiHexDigit((char)reader.Peek))
            return -1;

        var digit = reader.ReadCharacter();
        return char.IsAsciiDigit((char)digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
    }
}
