using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp;

namespace Containerd.Snapshots.Generator.CodeFixes.Safety;

/// <summary>Finds names in text.</summary>
internal static class Words
{
    /// <summary>Whether a text contains one of the names as a word.</summary>
    public static bool Contain(string text, IEnumerable<string> names) => names.Any(name => Of(text, name).Any());

    /// <summary>Where a text contains a name as a word; nowhere, if a half-typed declaration has no name.</summary>
    public static IEnumerable<int> Of(string text, string name)
    {
        if (name.Length == 0)
            yield break;

        for (var at = text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at + name.Length, StringComparison.Ordinal))
        {
            if (!IsPart(text, at - 1) && !IsPart(text, at + name.Length))
                yield return at;
        }
    }

    private static bool IsPart(string text, int position) =>
        position >= 0 && position < text.Length && SyntaxFacts.IsIdentifierPartCharacter(text[position]);
}
