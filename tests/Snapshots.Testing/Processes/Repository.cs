using System.Reflection;

namespace Containerd.Snapshots.Tests.Processes;

/// <summary>Where the project's sources are.</summary>
public static class Repository
{
    private static readonly string Root = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    public static string PathOf(string relative) => Path.Combine(Root, relative);
}
