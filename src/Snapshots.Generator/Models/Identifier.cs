using System.Linq;
using Microsoft.CodeAnalysis.CSharp;

namespace Containerd.Snapshots.Generator.Models;

/// <summary>Names as code writes them.</summary>
internal static class Identifier
{
    /// <summary>
    /// A name, with <c>@</c> before it if it is a keyword or may become one: the compiler warns about types with names in
    /// lower case (CS8981) that lack it.
    /// </summary>
    public static string Escape(string name) =>
        name.All(each => each is >= 'a' and <= 'z') || SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None
            ? "@" + name
            : name;
}
