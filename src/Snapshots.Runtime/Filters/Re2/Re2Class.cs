namespace Containerd.Snapshots.Runtime.Filters.Re2;

/// <summary>A class in brackets: <c>[^a-z\d[:punct:]]</c>.</summary>
internal static class Re2Class
{
    public static bool TryRead(Re2Reader reader, CodePointSet set)
    {
        reader.Skip(1);
        set.IsNegated = reader.TrySkip("^");
        do
        {
            if (reader.AtEnd || !TryReadItem(reader, set)) // In front, a closing bracket is an item.
                return false;
        }
        while (!reader.TrySkip("]"));

        return true;
    }

    private static bool TryReadItem(Re2Reader reader, CodePointSet set)
    {
        if (Re2Escape.IsClass(reader))
            return Re2Escape.TryReadClass(reader, set);

        return ReadPosixName(reader) is { } name ? TryAddPosix(set, name) : TryReadRange(reader, set);
    }

    // Without its end, "[:" is two characters.
    private static string? ReadPosixName(Re2Reader reader)
    {
        var start = reader.Position;
        if (!reader.TrySkip("[:"))
            return null;

        if (reader.ReadUpTo(":]") is { } name)
            return name;

        reader.Position = start;
        return null;
    }

    private static bool TryAddPosix(CodePointSet set, string name)
    {
        var except = name.StartsWith('^');
        if (Re2ClassNames.Posix(except ? name[1..] : name) is not { } ranges)
            return false;

        set.Add(ranges, except);
        return true;
    }

    private static bool TryReadRange(Re2Reader reader, CodePointSet set)
    {
        if (!TryReadCharacter(reader, out var first))
            return false;

        var last = first;
        if (reader.Peek == '-' && reader.PeekSecond is not (']' or -1))
        {
            reader.Skip(1);
            if (!TryReadCharacter(reader, out last) || last < first)
                return false;
        }

        set.Add(first, last);
        return true;
    }

    private static bool TryReadCharacter(Re2Reader reader, out int character)
    {
        if (reader.Peek == '\\')
            return Re2Escape.TryReadCharacter(reader, out character);

        character = reader.ReadCharacter();
        return true;
    }
}
