using System.Buffers;

namespace Containerd.Snapshots.Runtime.Filters.Re2;

/// <summary>The opening of a group: a parenthesis, then a name, flags, or nothing.</summary>
internal static class Re2GroupOpening
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    /// <summary>Reads an opening; false if RE2 does not support it, such as lookaround.</summary>
    /// <param name="reader">The reader, at the parenthesis.</param>
    /// <param name="current">The flags before the opening.</param>
    /// <param name="names">The names so far; a name must not occur twice.</param>
    /// <param name="flags">The flags after the opening.</param>
    /// <param name="isGroup">False for <c>(?i)</c>, which changes the flags of the enclosing group.</param>
    public static bool TryRead(
        Re2Reader reader,
        Re2Flags current,
        HashSet<string> names,
        out Re2Flags flags,
        out bool isGroup)
    {
        (flags, isGroup) = (current, true);
        reader.Skip(1);
        if (!reader.TrySkip("?"))
            return true;

        // Go 1.22 and newer, which build current versions of containerd, accept the form without P.
        if (reader.TrySkip("P<") || reader.TrySkip("<"))
            return reader.ReadUpTo(">") is { } name && IsName(name) && names.Add(name);

        return TryReadFlags(reader, ref flags, out isGroup);
    }

    private static bool IsName(string name) =>
        name.Length > 0 && !name.AsSpan().ContainsAnyExcept(NameCharacters);

    // (?flags) or (?flags:...), where flags is: im, -s, im-s. A minus needs a flag after it.
    private static bool TryReadFlags(Re2Reader reader, ref Re2Flags flags, out bool isGroup)
    {
        isGroup = false;
        bool off = false, complete = true;
        for (; !reader.AtEnd; reader.Skip(1))
        {
            switch (reader.Peek)
            {
                case ')' or ':':
                    isGroup = reader.Peek == ':';
                    reader.Skip(1);
                    return complete;
                case '-' when !off:
                    (off, complete) = (true, false);
                    continue;
                case 'i' or 'm' or 's' or 'U':
                    var flag = Flag(reader.Peek);
                    flags = off ? flags & ~flag : flags | flag;
                    complete = true;
                    continue;
                default:
                    return false;
            }
        }

        return false;
    }

    private static Re2Flags Flag(int letter) => letter switch
    {
        'i' => Re2Flags.IgnoreCase,
        'm' => Re2Flags.MultiLine,
        's' => Re2Flags.DotAll,
        _ => Re2Flags.None, // U swaps greedy and lazy, which does not affect whether it matches.
    };
}
