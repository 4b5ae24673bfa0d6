using System.Formats.Tar;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Containerd.Snapshots.Tests.Containerd;

/// <summary>An image with any layers, as an archive that "ctr images import" reads.</summary>
public static class OciArchive
{
    private static string Architecture => RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";

    /// <summary>Writes an image.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="name">As in <c>example.test/layers:1</c>.</param>
    /// <param name="layers">The layers, each a tar archive that is not compressed, the lowest first.</param>
    public static async Task WriteAsync(string path, string name, params IReadOnlyList<byte[]> layers)
    {
        var digests = string.Join(',', layers.Select(layer => $"\"{Digest(layer)}\""));
        var config = Encoding.UTF8.GetBytes(
            $$$"""{"architecture":"{{{Architecture}}}","os":"linux","config":{"Env":["PATH=/bin"]},"rootfs":{"type":"layers","diff_ids":[{{{digests}}}]}}""");
        var descriptors = string.Join(',', layers.Select(layer => Descriptor(layer, "layer.v1.tar")));
        var manifest = Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{{Descriptor(config, "config.v1+json")}},"layers":[{{descriptors}}]}""");
        var index = Encoding.UTF8.GetBytes(
            $$$"""{"schemaVersion":2,"manifests":[{{{Descriptor(manifest, "manifest.v1+json")[..^1]}}},"annotations":{"io.containerd.image.name":"{{{name}}}"}}]}""");

        await using var file = File.Create(path);
        await using var archive = new TarWriter(file);
        await AddAsync(archive, "oci-layout", """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray());
        await AddAsync(archive, "index.json", index);
        foreach (var blob in layers.Append(config).Append(manifest).DistinctBy(Digest))
            await AddAsync(archive, $"blobs/sha256/{Digest(blob)["sha256:".Length..]}", blob);
    }

    /// <summary>A layer with some entries.</summary>
    public static byte[] Layer(params IReadOnlyList<TarEntry> entries)
    {
        using var layer = new MemoryStream();
        using (var archive = new TarWriter(layer, leaveOpen: true))
        {
            foreach (var entry in entries)
                archive.WriteEntry(entry);
        }

        return layer.ToArray();
    }

    public static TarEntry Folder(string path) => new PaxTarEntry(TarEntryType.Directory, path) { Mode = (UnixFileMode)0b111_101_101 };

    public static TarEntry Link(string path, string target) => new PaxTarEntry(TarEntryType.SymbolicLink, path) { LinkName = target };

    public static TarEntry Text(string path, string content) => Program(path, Encoding.UTF8.GetBytes(content));

    public static TarEntry Program(string path, byte[] content) =>
        new PaxTarEntry(TarEntryType.RegularFile, path) { Mode = (UnixFileMode)0b111_101_101, DataStream = new MemoryStream(content) };

    private static string Digest(byte[] blob) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(blob))}";

    private static string Descriptor(byte[] blob, string type) =>
        $$"""{"mediaType":"application/vnd.oci.image.{{type}}","digest":"{{Digest(blob)}}","size":{{blob.Length}}}""";

    private static Task AddAsync(TarWriter archive, string path, byte[] content) =>
        archive.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(content) });
}
