using System.Runtime.CompilerServices;
using Containerd.Snapshots.Remote.Credentials;
using Containerd.Snapshots.Remote.Hosts;

namespace Containerd.Snapshots.Remote.Http;

/// <summary>The hosts of all registries, with their connections. Those of a registry are made anew once its configuration changes.</summary>
internal sealed class EndpointPool(HostsDirectory directory, NodeCredentials credentials, Patience patience) : IDisposable
{
    private readonly Lock _lock = new();

    // A configuration that nobody uses any more goes, and its idle connections with it.
    private readonly ConditionalWeakTable<ConfiguredHosts, IReadOnlyList<RegistryEndpoint>> _endpoints = [];

    /// <summary>Returns the hosts to ask, in order.</summary>
    /// <param name="registry">The host of an image's reference.</param>
    /// <param name="needed">What they must be able to do.</param>
    /// <exception cref="RegistryException">Misconfigured: a file is wrong, or no host may be asked for this.</exception>
    public IReadOnlyList<RegistryEndpoint> Of(string registry, HostCapabilities needed)
    {
        RegistryEndpoint[] able = [.. All(registry).Where(endpoint => endpoint.Capabilities.HasFlag(needed))];
        return able.Length > 0 ? able : throw new RegistryException(
            RegistryError.Misconfigured,
            $"no host of {registry} has the capability \"{(needed == HostCapabilities.Pull ? "pull" : "resolve")}\" in its hosts.toml");
    }

    /// <summary>Returns all hosts of a registry.</summary>
    public IReadOnlyList<RegistryEndpoint> All(string registry)
    {
        lock (_lock)
        {
            var hosts = directory.Of(registry);
            if (_endpoints.TryGetValue(hosts, out var known))
                return known;

            var made = hosts.Hosts.Select(host => new RegistryEndpoint(host, credentials, patience)).ToArray();
            _endpoints.Add(hosts, made);
            return made;
        }
    }

    public void Dispose()
    {
        foreach (var endpoint in _endpoints.SelectMany(entry => entry.Value))
            endpoint.Dispose();
    }
}
