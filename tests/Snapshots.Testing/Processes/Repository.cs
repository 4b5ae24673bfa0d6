using System.Reflection;

namespace Containerd.Snapshots.Tests.Processes;

/// <summary>The folder of the project's sources.</summary>
public static class Repository
{
    private static readonly string Root = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    public static string PathOf(string relative) => Path.Combine(Root, relative);
}
