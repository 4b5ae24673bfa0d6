using System.IO.Compression;

namespace Containerd.Snapshots.Tests.Package;

/// <summary>Reads a package.</summary>
internal static class Nupkg
{
    // Files that every package has.
    private static readonly string[] Wrapping = ["_rels/", "package/", "[Content_Types].xml"];

    /// <summary>The names of its files, in order.</summary>
    public static string[] Names(string path)
    {
        using var package = ZipFile.OpenRead(path);
        return
        [
            .. package.Entries.Select(entry => entry.FullName)
                .Where(name => !Wrapping.Any(start => name.StartsWith(start, StringComparison.Ordinal)))
                .Order(StringComparer.Ordinal),
        ];
    }

    public static byte[] Read(string path, string file)
    {
        using var package = ZipFile.OpenRead(path);
        using var stream = package.GetEntry(file)!.Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
