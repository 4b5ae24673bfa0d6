using Microsoft.CodeAnalysis.CSharp;

namespace Containerd.Snapshots.Generator.Models;

/// <summary>Names as code writes them.</summary>
internal static class Identifier
{
    /// <summary>A name, with <c>@</c> in front where the language has that word.</summary>
    public static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None
            ? "@" + name
            : name;
}
