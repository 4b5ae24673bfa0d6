using System.Net;

namespace Containerd.Snapshots.Remote.Hosts;

/// <summary>Facts about the names of registries.</summary>
internal static class HostName
{
    public const string DockerHub = "docker.io", DockerHubRegistry = "registry-1.docker.io";

    /// <summary>The port of <c>HOST:PORT</c>; empty for none.</summary>
    public static string PortOf(string authority) => PortAt(authority) is var colon and > 0 ? authority[(colon + 1)..] : "";

    /// <summary>The host of <c>HOST:PORT</c>, without the brackets of an IPv6 address.</summary>
    public static string WithoutPort(string authority) => (PortAt(authority) is var colon and > 0 ? authority[..colon] : authority).Trim('[', ']');

    public static bool IsLoopback(string authority)
    {
        var host = WithoutPort(authority);
        return host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
    }

    /// <summary>The names of a registry's folder in the hosts directory, in the order in which containerd looks for them.</summary>
    public static IEnumerable<string> Folders(string registry)
    {
        // containerd takes the last colon, also the one in an IPv6 address without a port.
        if (registry.LastIndexOf(':') is var colon and > 0)
            yield return $"{registry[..colon]}_{registry[(colon + 1)..]}_";

        yield return registry;
        yield return "_default";
    }

    private static int PortAt(string authority) => authority.LastIndexOf(':') is var colon && colon > authority.LastIndexOf(']') ? colon : -1;
}
