using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Models;

/// <summary>
/// The names of emitted files. The compiler compares them without case and refuses two that are equal, so that names
/// which differ by case, nesting or arity alone are told apart by a digest of the exact name.
/// </summary>
internal static class HintName
{
    private const uint OffsetBasis = 2166136261, Prime = 16777619; // FNV-1a, 32 bits: the same on every machine.

    private static readonly SymbolDisplayFormat Readable = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

    public static string Of(INamedTypeSymbol type)
    {
        var digest = Digest(type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat));
        return $"{type.ToDisplayString(Readable)}.{digest.ToString("x8", CultureInfo.InvariantCulture)}.g.cs";
    }

    private static uint Digest(string text) =>
        text.Aggregate(OffsetBasis, (hash, each) => unchecked((hash ^ each) * Prime));
}
