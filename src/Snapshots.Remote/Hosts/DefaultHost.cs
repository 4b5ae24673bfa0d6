namespace Containerd.Snapshots.Remote.Hosts;

/// <summary>The host of a registry about which nothing is configured.</summary>
internal static class DefaultHost
{
    /// <summary>
    /// As containerd has it: HTTPS, and for a loopback host any certificate, and plain HTTP if that is what it speaks. docker.io is
    /// registry-1.docker.io.
    /// </summary>
    /// <param name="registry">The host of an image's reference.</param>
    public static RegistryHost Of(string registry)
    {
        if (registry == HostName.DockerHub)
            return new("https", HostName.DockerHubRegistry, "/v2");
        if (!HostName.IsLoopback(registry))
            return new("https", registry, "/v2");

        var port = HostName.PortOf(registry);
        return new(port is "" or "443" ? "https" : "http", registry, "/v2") { SkipVerify = port == "80" ? null : true };
    }
}
