namespace Containerd.Snapshots.Remote.Hosts;

/// <summary>A host that serves a registry's images: a mirror, or the registry itself.</summary>
/// <param name="Scheme"><c>http</c> or <c>https</c>.</param>
/// <param name="Authority">Host, and port if it has one.</param>
/// <param name="Path">The root of the API, such as <c>/v2</c>; empty for none.</param>
internal sealed record RegistryHost(string Scheme, string Authority, string Path)
{
    public HostCapabilities Capabilities { get; init; } = HostCapabilities.Pull | HostCapabilities.Resolve;

    /// <summary>Files with certificates that are trusted beside the system's.</summary>
    public IReadOnlyList<string> CertificateAuthorities { get; init; } = [];

    public IReadOnlyList<ClientCertificate> ClientCertificates { get; init; } = [];

    /// <summary>Null if nothing is said, which is no, but see <see cref="TriesTlsFirst"/>.</summary>
    public bool? SkipVerify { get; init; }

    /// <summary>Headers of each request to this host, and to no other.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>How long a connection may take to be made: containerd's 30 seconds, if nothing is said.</summary>
    public TimeSpan DialTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A host with plain HTTP and something about TLS is asked by TLS first, and by plain HTTP once it answered so. This is
    /// containerd's rule, also for loopback hosts without any configuration.
    /// </summary>
    public bool TriesTlsFirst =>
        Scheme == "http" && HostName.PortOf(Authority) != "80" && (SkipVerify is not null || CertificateAuthorities.Count > 0 || ClientCertificates.Count > 0);

    /// <summary>Whether a request must name the registry that the host stands in for, in the query <c>ns</c>.</summary>
    /// <param name="registry">The host of the image's reference.</param>
    public bool IsMirrorOf(string registry) => Authority != registry && !(registry == HostName.DockerHub && Authority == HostName.DockerHubRegistry);
}

/// <summary>Files with a client's certificate and its key.</summary>
/// <param name="Certificate">The file with the certificate.</param>
/// <param name="Key">The file with the key; null if it is in the same file.</param>
internal sealed record ClientCertificate(string Certificate, string? Key);
