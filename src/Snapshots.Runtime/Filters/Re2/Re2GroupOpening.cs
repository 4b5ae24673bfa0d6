using System.Buffers;

namespace Containerd.Snapshots.Runtime.Filters.Re2;

/// <summary>What stands between a parenthesis and a group's content: a name, flags, or nothing.</summary>
internal static class Re2GroupOpening
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    /// <summary>Reads an opening; false for one that RE2 does not know, such as lookaround.</summary>
    /// <param name="reader">Stands at the parenthesis.</param>
    /// <param name="current">The flags so far.</param>
    /// <param name="names">The names so far, which must not come again.</param>
    /// <param name="flags">The flags from here on.</param>
    /// <param name="isGroup">False for <c>(?i)</c>, which changes the flags of the group that it stands in.</param>
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

        // The form without the P is for Go 1.22 and newer, with which containerd is built nowadays.
        if (reader.TrySkip("P<") || reader.TrySkip("<"))
            return reader.ReadUpTo(">") is { } name && IsName(name) && names.Add(name);

        return TryReadFlags(reader, ref flags, out isGroup);
    }

    private static bool IsName(string name) =>
        name.Length > 0 && !name.AsSpan().ContainsAnyExcept(NameCharacters);

    // (?flags) or (?flags:...), where flags is: im, -s, im-s. A minus needs a flag behind it.
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
        _ => Re2Flags.None, // U swaps what is greedy.
    };
}
