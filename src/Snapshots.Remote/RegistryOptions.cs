namespace Containerd.Snapshots.Remote;

/// <summary>What an operator says about registries.</summary>
public sealed record RegistryOptions
{
    /// <summary>containerd's folder with a <c>hosts.toml</c> for each registry. A folder that does not exist is an empty one.</summary>
    public string HostsDirectory { get; init; } = "/etc/containerd/certs.d";

    /// <summary>
    /// Files of docker's kind, <c>config.json</c>, with credentials or with helpers that have them; those that do not exist are
    /// ignored. The first credentials that a registry accepts are used.
    /// </summary>
    public IReadOnlyList<string> DockerConfigs { get; init; } = ["/root/.docker/config.json", "/var/lib/kubelet/config.json"];

    /// <summary>The kubelet's <c>--image-credential-provider-config</c>; null for none.</summary>
    public string? CredentialProviderConfig { get; init; }

    /// <summary>The kubelet's <c>--image-credential-provider-bin-dir</c>; null for none.</summary>
    public string? CredentialProviderBinDirectory { get; init; }

    /// <summary>
    /// The memory for what is fetched before it is read, for all blobs together, in bytes. At least 64 KiB for each connection are
    /// used.
    /// </summary>
    public long MaxMemory { get; init; } = 24 << 20;

    /// <summary>How many connections all blobs together may have: as many are fetched at the same time, the others wait.</summary>
    public int MaxConnections { get; init; } = 64;

    /// <summary>How many connections a large blob may have, as long as there are enough for the others.</summary>
    public int MaxConnectionsPerBlob { get; init; } = 4;

    /// <summary>How long something is tried, with all its hosts, without any progress. Fetching as such has no time limit.</summary>
    public TimeSpan TimeWithoutProgress { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a connection may send nothing, or less than 16 KiB, until another one takes its place.</summary>
    public TimeSpan ConnectionTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a program that has credentials may take.</summary>
    public TimeSpan CredentialTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock, for tests.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
