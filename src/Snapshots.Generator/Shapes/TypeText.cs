using System.Globalization;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>Types as messages show them.</summary>
internal static class TypeText
{
    private static readonly SymbolDisplayFormat Signature = new(
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        memberOptions: SymbolDisplayMemberOptions.IncludeParameters,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeParamsRefOut,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>A method with the types of its parameters, to tell it from others of its name.</summary>
    public static string Of(IMethodSymbol method) => method.ToDisplayString(Signature);

    public static string Of(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

    public static string Of(ParameterType type) => type switch
    {
        ParameterType.String => "string",
        ParameterType.StringList => "IReadOnlyList<string>",
        ParameterType.Labels => "IReadOnlyDictionary<string, string>",
        ParameterType.Info => "SnapshotInfo",
        _ => "SnapshotFilter",
    };

    /// <summary>What a call can return.</summary>
    public static string Of(Payload payload) => payload switch
    {
        Payload.None => "nothing, Task, ValueTask, or SnapshotResult (also in Task or ValueTask)",
        Payload.Info => Wrapped("SnapshotInfo"),
        Payload.Usage => Wrapped("SnapshotUsage"),
        Payload.Infos => "IEnumerable<SnapshotInfo> (also in Task or ValueTask, and as SnapshotResult) or IAsyncEnumerable<SnapshotInfo>",
        _ => Wrapped("IReadOnlyList<Mount>, another IEnumerable<Mount> or one Mount"),
    };

    /// <summary>What an async method of a call can return.</summary>
    public static string OfAsync(Payload payload) => payload switch
    {
        Payload.None => "Task",
        Payload.Info => "Task<SnapshotInfo>",
        Payload.Usage => "Task<SnapshotUsage>",
        Payload.Infos => "IAsyncEnumerable<SnapshotInfo>",
        _ => "Task<IReadOnlyList<Mount>>",
    };

    private static string Wrapped(string payload) =>
        string.Format(CultureInfo.InvariantCulture, "{0} (also in Task or ValueTask, and as SnapshotResult)", payload);
}
