namespace Containerd.Snapshots.Tests.Lazy;

/// <summary>What an operator writes so that a node uses a registry with TLS and a user.</summary>
internal static class NodeFiles
{
    /// <summary>Writes the registry's hosts.toml and docker's config.json.</summary>
    /// <param name="hosts">The folder of the hosts.toml of all registries.</param>
    /// <param name="dockerConfig">The file with credentials.</param>
    /// <param name="registry">The registry's host and port.</param>
    /// <param name="certificates">Its authority is trusted.</param>
    public static async Task WriteAsync(string hosts, string dockerConfig, string registry, TestCertificates certificates)
    {
        await WriteHostsAsync(hosts, registry, certificates);
        Directory.CreateDirectory(Path.GetDirectoryName(dockerConfig)!);
        await File.WriteAllTextAsync(dockerConfig, $$"""
            { "auths": { "{{registry}}": { "username": "{{LoopbackRegistry.User}}", "password": "{{LoopbackRegistry.Password}}" } } }
            """);
    }

    /// <summary>Writes the registry's hosts.toml alone.</summary>
    /// <inheritdoc cref="WriteAsync"/>
    public static async Task WriteHostsAsync(string hosts, string registry, TestCertificates certificates)
    {
        var folder = Directory.CreateDirectory(Path.Combine(hosts, registry)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "hosts.toml"), $"server = \"https://{registry}\"\nca = \"{certificates.PathOf("ca.pem")}\"\n");
    }
}
