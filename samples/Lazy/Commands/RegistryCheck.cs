using Containerd.Snapshots;
using Containerd.Snapshots.Remote;
using Microsoft.Extensions.Logging.Abstractions;

namespace Samples.Lazy.Commands;

/// <summary>Asks the registries that have a folder in <c>--hosts-dir</c> whether they answer, with the node's credentials.</summary>
internal static class RegistryCheck
{
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(10);

    public static IEnumerable<SnapshotterCheckResult> Run(RegistryOptions options)
    {
        using var client = new RegistryClient(options, NullLogger.Instance);
        using var limit = new CancellationTokenSource(MostTime);
        var registries = Directory.Exists(options.HostsDirectory)
            ? Directory.EnumerateDirectories(options.HostsDirectory).Select(path => Path.GetFileName(path)).Where(name => name != "_default").Order(StringComparer.Ordinal)
            : Enumerable.Empty<string>();

        return [.. registries.SelectMany(registry => Check(client, registry, limit.Token))];
    }

    private static IReadOnlyList<SnapshotterCheckResult> Check(RegistryClient client, string registry, CancellationToken cancellationToken)
    {
        try
        {
            return client.CheckAsync(registry, cancellationToken).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            return [SnapshotterCheckResult.Warning($"{registry} did not answer within {MostTime.TotalSeconds} s", "images of such a registry are unpacked by containerd")];
        }
    }
}
