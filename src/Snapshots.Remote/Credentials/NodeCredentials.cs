using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Remote.Credentials;

/// <summary>All credentials of the node. A place that fails is told in the log, and the others are asked nevertheless.</summary>
internal sealed class NodeCredentials(IReadOnlyList<ICredentialSource> sources, ILogger logger)
{
    // A registry is asked once with each: more are a mistake.
    private const int Max = 8;

    /// <summary>Whether asking anew may bring other credentials.</summary>
    public bool Keeps => sources.Any(source => source.Keeps);

    /// <summary>Asks all places, or anew those that keep what they have found.</summary>
    /// <inheritdoc cref="ICredentialSource.FindAsync"/>
    public async Task<FoundCredentials> FindAsync(string host, string repository, bool anew, CancellationToken cancellationToken)
    {
        var found = new List<RegistryCredentials>();
        string? failure = null;
        foreach (var source in sources.Where(source => !anew || source.Keeps))
        {
            try
            {
                found.AddRange(await source.FindAsync(host, repository, anew, cancellationToken).ConfigureAwait(false));
            }
            catch (RegistryException exception)
            {
                CredentialLog.Failed(logger, host, exception.Message);
                failure = exception.Message;
            }
        }

        return new([.. found.Take(Max)], failure);
    }
}

/// <summary>What the node has for a repository.</summary>
/// <param name="All">The credentials, the best first.</param>
/// <param name="Failure">Why there may be too few; or null.</param>
internal sealed record FoundCredentials(IReadOnlyList<RegistryCredentials> All, string? Failure);
