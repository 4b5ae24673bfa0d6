using System.Globalization;
using System.Linq;
using System.Text;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Models;

/// <summary>
/// The names of emitted files. The compiler ignores case and rejects equal names, so a digest of the exact name
/// distinguishes names that differ only by case, nesting or arity.
/// </summary>
internal static class HintName
{
    private const uint OffsetBasis = 2166136261, Prime = 16777619; // FNV-1a, 32 bits: the same on every machine.

    private const int MaximumBytes = 240; // A file system allows 255, and the digest follows.

    private static readonly SymbolDisplayFormat Readable = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

    public static string Of(INamedTypeSymbol type)
    {
        var digest = Digest(type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) + Kinds(type));
        return $"{Shortened(type.ToDisplayString(Readable))}.{digest.ToString("x8", CultureInfo.InvariantCulture)}.g.cs";
    }

    /// <summary>Malformed code may have types of several kinds under one name, or a type and a namespace.</summary>
    private static string Kinds(INamedTypeSymbol type) =>
        (type.IsRecord ? "record" : "") + string.Concat(type.Containers().Select(each => $" in {TypeKeyword.Of(each)}"));

    /// <summary>The end of a name that is too long for a file name; a letter takes at most three bytes.</summary>
    private static string Shortened(string name) =>
        Encoding.UTF8.GetByteCount(name) <= MaximumBytes ? name : name.Substring(name.Length - (MaximumBytes / 3)).TrimStart('.');

    private static uint Digest(string text) =>
        text.Aggregate(OffsetBasis, (hash, each) => unchecked((hash ^ each) * Prime));
}
