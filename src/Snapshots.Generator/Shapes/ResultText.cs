using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>The return type that a call needs to return errors as values.</summary>
internal static class ResultText
{
    /// <summary>A return type as code writes it, with its payload in a result.</summary>
    public static string Of(ITypeSymbol type, KnownTypes known)
    {
        if (type.SpecialType == SpecialType.System_Void)
            return "SnapshotResult";

        if (KnownTypes.AreSame(type, known.Task) || KnownTypes.AreSame(type, known.ValueTask))
            return $"{type.Name}<SnapshotResult>";

        var payload = known.WithoutTask(type);
        var result = $"SnapshotResult<{TypeText.Of(payload)}>";
        return SymbolEqualityComparer.Default.Equals(payload, type) ? result : $"{type.Name}<{result}>";
    }
}
