namespace Containerd.Snapshots.Runtime.Filters.Re2;

/// <summary>The classes of characters that RE2 has names for. All but the categories are of ASCII alone.</summary>
internal static class Re2ClassNames
{
    /// <summary>The class of <c>\d</c>, <c>\s</c> or <c>\w</c>.</summary>
    public static (int First, int Last)[] Letter(char letter) => letter switch
    {
        'd' => [('0', '9')],
        's' => [('\t', '\n'), ('\f', '\r'), (' ', ' ')], // No vertical tab.
        _ => [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
    };

    /// <summary>The class of <c>[:name:]</c>; null for none.</summary>
    public static (int First, int Last)[]? Posix(string name) => name switch
    {
        "alnum" => [('0', '9'), ('A', 'Z'), ('a', 'z')],
        "alpha" => [('A', 'Z'), ('a', 'z')],
        "ascii" => [(0, 0x7F)],
        "blank" => [('\t', '\t'), (' ', ' ')],
        "cntrl" => [(0, 0x1F), (0x7F, 0x7F)],
        "digit" => [('0', '9')],
        "graph" => [('!', '~')],
        "lower" => [('a', 'z')],
        "print" => [(' ', '~')],
        "punct" => [('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        "space" => [('\t', '\r'), (' ', ' ')],
        "upper" => [('A', 'Z')],
        "word" => Letter('w'),
        "xdigit" => [('0', '9'), ('A', 'F'), ('a', 'f')],
        _ => null,
    };

    /// <summary>Whether a name is that of a general category, which .NET knows by the same name.</summary>
    public static bool IsCategory(string name) => name is
        "C" or "Cc" or "Cf" or "Co" or "Cs" or
        "L" or "Ll" or "Lm" or "Lo" or "Lt" or "Lu" or
        "M" or "Mc" or "Me" or "Mn" or
        "N" or "Nd" or "Nl" or "No" or
        "P" or "Pc" or "Pd" or "Pe" or "Pf" or "Pi" or "Po" or "Ps" or
        "S" or "Sc" or "Sk" or "Sm" or "So" or
        "Z" or "Zl" or "Zp" or "Zs";
}
