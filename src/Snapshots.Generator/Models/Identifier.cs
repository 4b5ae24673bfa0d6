using System.Linq;
using Microsoft.CodeAnalysis.CSharp;

namespace Containerd.Snapshots.Generator.Models;

/// <summary>Names as code writes them.</summary>
internal static class Identifier
{
    /// <summary>
    /// A name, with <c>@</c> in front where the language has that word, or may come to have it: the compiler warns of
    /// types that are named in lower case (CS8981), but not so.
    /// </summary>
    public static string Escape(string name) =>
        name.All(each => each is >= 'a' and <= 'z') || SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None
            ? "@" + name
            : name;
}
