using System.Collections.Concurrent;
using Containerd.Snapshots.Remote.Http;

namespace Containerd.Snapshots.Remote.Fetching;

/// <summary>Which hosts have sent something wrong for a digest. They are not asked for it again for 10 minutes.</summary>
internal sealed class BadSources(TimeProvider time)
{
    private const int Max = 4096;

    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string Host, SnapshotDigest Digest), (RegistryException Failure, long Since)> _bad = new();

    public void Remember(RegistryEndpoint endpoint, SnapshotDigest digest, RegistryException failure)
    {
        if (_bad.Count >= Max)
            _bad.Clear();
        _bad[(endpoint.Name, digest)] = (failure, time.GetTimestamp());
    }

    /// <summary>Returns the hosts that may be asked for a digest.</summary>
    /// <exception cref="RegistryException">WrongDigest: none may be.</exception>
    public IReadOnlyList<RegistryEndpoint> Without(IReadOnlyList<RegistryEndpoint> endpoints, SnapshotDigest digest)
    {
        RegistryEndpoint[] good = [.. endpoints.Where(endpoint => Find(endpoint, digest) is null)];
        return good.Length > 0 ? good : throw Find(endpoints[^1], digest)!;
    }

    /// <summary>Returns all hosts, those that have sent something wrong last: for bytes that the caller verifies in small parts.</summary>
    public IReadOnlyList<RegistryEndpoint> Last(IReadOnlyList<RegistryEndpoint> endpoints, SnapshotDigest digest) =>
        [.. endpoints.OrderBy(endpoint => Find(endpoint, digest) is not null)];

    private RegistryException? Find(RegistryEndpoint endpoint, SnapshotDigest digest) =>
        _bad.TryGetValue((endpoint.Name, digest), out var bad) && time.GetElapsedTime(bad.Since) < Remembered ? bad.Failure : null;
}
