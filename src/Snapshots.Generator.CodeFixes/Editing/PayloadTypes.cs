using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.CodeFixes.Editing;

/// <summary>The types that are written for payloads, of all that are taken.</summary>
internal static class PayloadTypes
{
    public static ITypeSymbol? Of(Payload payload, KnownTypes known) => payload switch
    {
        Payload.Info => known.Info,
        Payload.Usage => known.Usage,
        Payload.Infos => known.Infos,
        _ => known.Mount is { } mount ? (known.StringList?.OriginalDefinition as INamedTypeSymbol)?.Construct(mount) : null,
    };
}
