namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>Files of the repository that tests read, embedded in their assembly.</summary>
internal static class Resource
{
    public static IEnumerable<string> Names(string prefix) =>
        typeof(Resource).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal));

    public static string Read(string name)
    {
        using var reader = new StreamReader(typeof(Resource).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
