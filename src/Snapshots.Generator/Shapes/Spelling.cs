using System;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>Compares names that may differ by a typing error.</summary>
internal static class Spelling
{
    /// <summary>Whether two names, in any case, differ at most by one added, missing or other letter, or by one misplaced letter, as in Prepair.</summary>
    public static bool IsNear(string name, string other)
    {
        if (Math.Abs(name.Length - other.Length) > 1)
            return false;

        var start = CommonStart(name, other);
        var end = CommonEnd(name, other, start);
        var rest = Math.Max(name.Length, other.Length) - start - end;

        return rest <= 1 || (rest == 2 && name.Length == other.Length && (AreSame(name[start], other[start + 1]) || AreSame(name[start + 1], other[start])));
    }

    private static bool AreSame(char one, char other) => char.ToUpperInvariant(one) == char.ToUpperInvariant(other);

    private static int CommonStart(string name, string other)
    {
        var length = 0;
        while (length < name.Length && length < other.Length && AreSame(name[length], other[length]))
            length++;

        return length;
    }

    private static int CommonEnd(string name, string other, int start)
    {
        var length = 0;
        var most = Math.Min(name.Length, other.Length) - start;
        while (length < most && AreSame(name[name.Length - 1 - length], other[other.Length - 1 - length]))
            length++;

        return length;
    }
}
