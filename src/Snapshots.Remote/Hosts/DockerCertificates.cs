namespace Containerd.Snapshots.Remote.Hosts;

/// <summary>A folder with certificates instead of a <c>hosts.toml</c>: <c>NAME.crt</c> to trust, <c>NAME.cert</c> and <c>NAME.key</c> to show.</summary>
internal static class DockerCertificates
{
    public static RegistryHost In(string folder, RegistryHost host)
    {
        string[] files = [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)];
        return host with
        {
            CertificateAuthorities = [.. files.Where(file => Path.GetExtension(file) == ".crt")],
            ClientCertificates = [.. files.Where(file => Path.GetExtension(file) == ".cert").Select(file => new ClientCertificate(file, KeyOf(file)))],
        };
    }

    private static string? KeyOf(string certificate) => Path.ChangeExtension(certificate, ".key") is var key && File.Exists(key) ? key : null;
}
