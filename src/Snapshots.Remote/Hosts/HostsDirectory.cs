namespace Containerd.Snapshots.Remote.Hosts;

/// <summary>The hosts of a registry, as they are configured at the moment. A new instance means that something has changed.</summary>
/// <param name="Hosts">The hosts, in the order in which they are asked.</param>
internal sealed record ConfiguredHosts(IReadOnlyList<RegistryHost> Hosts);

/// <summary>
/// containerd's <c>certs.d</c>: a folder for each registry, with a <c>hosts.toml</c> or, without one, certificates as docker names
/// them. Files are read again once they or their certificates have changed.
/// </summary>
internal sealed class HostsDirectory(string directory)
{
    private const int MaxFileSize = 1 << 20, MaxRegistries = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (ConfiguredHosts Hosts, FileStamp[] Stamps)> _read = new(StringComparer.Ordinal);

    /// <summary>Returns the hosts of a registry.</summary>
    /// <param name="registry">The host of an image's reference.</param>
    /// <exception cref="RegistryException">Misconfigured: a file is wrong or cannot be read.</exception>
    public ConfiguredHosts Of(string registry)
    {
        lock (_lock)
        {
            if (_read.TryGetValue(registry, out var known) && Array.TrueForAll(known.Stamps, stamp => stamp.IsCurrent))
                return known.Hosts;

            // Names come from clients of containerd: there is no end to them.
            if (_read.Count >= MaxRegistries)
                _read.Clear();
            var read = Read(registry);
            _read[registry] = read;
            return read.Hosts;
        }
    }

    private (ConfiguredHosts Hosts, FileStamp[] Stamps) Read(string registry)
    {
        string[] folders = [.. HostName.Folders(registry).Select(name => Path.Combine(directory, name))];
        var folder = Array.Find(folders, Directory.Exists);
        var file = folder is null ? null : Path.Combine(folder, "hosts.toml");

        // Taken before the files are read: a change meanwhile is seen the next time.
        FileStamp[] stamps = [.. folders.Select(FileStamp.Of), .. file is null ? [] : (FileStamp[])[FileStamp.Of(file)]];
        var hosts = folder is null ? [DefaultHost.Of(registry)] : ReadFolder(folder, file!, registry);
        var certificates = hosts.SelectMany(host => host.CertificateAuthorities.Concat(host.ClientCertificates.SelectMany(Files)));
        return (new(hosts), [.. stamps, .. certificates.Distinct().Select(FileStamp.Of)]);
    }

    private static IReadOnlyList<RegistryHost> ReadFolder(string folder, string file, string registry)
    {
        try
        {
            var text = File.Exists(file) ? ReadText(file) : "";
            return text.Length > 0 ? HostsFile.Read(text, folder, registry) : [DockerCertificates.In(folder, DefaultHost.Of(registry))];
        }
        catch (FormatException exception)
        {
            throw new RegistryException(RegistryError.Misconfigured, $"cannot read {file}: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RegistryException(RegistryError.Misconfigured, $"cannot read {folder}: {exception.Message}", exception);
        }
    }

    private static string ReadText(string file) => new FileInfo(file).Length <= MaxFileSize
        ? File.ReadAllText(file)
        : throw new FormatException("it is larger than 1 MiB");

    private static IEnumerable<string> Files(ClientCertificate client) => client.Key is null ? [client.Certificate] : [client.Certificate, client.Key];
}
