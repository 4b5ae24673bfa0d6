using System.Reflection;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Tests.Generator.Compiling;

/// <summary>What a user's project references: .NET, ASP.NET Core, the runtime and the host.</summary>
internal static class References
{
    public static IReadOnlyList<MetadataReference> All { get; } =
    [
        .. Packs().SelectMany(pack => Directory.EnumerateFiles(pack, "*.dll")).Select(path => MetadataReference.CreateFromFile(path)),
        MetadataReference.CreateFromFile(typeof(SnapshotterAttribute).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(SnapshotterHost).Assembly.Location),
    ];

    private static IEnumerable<string> Packs() => typeof(References).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Where(each => each.Key == "ReferencePack")
        .Select(each => each.Value!);
}
