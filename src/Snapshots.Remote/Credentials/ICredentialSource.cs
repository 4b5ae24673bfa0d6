namespace Containerd.Snapshots.Remote.Credentials;

/// <summary>A place where the node has credentials.</summary>
internal interface ICredentialSource
{
    /// <summary>Whether it keeps what it has found, so that it may be asked anew.</summary>
    bool Keeps { get; }

    /// <summary>Returns the credentials for a repository, the best first; none if there are none.</summary>
    /// <param name="host">The host that asks for them, and gets them: a mirror has its own.</param>
    /// <param name="repository">The path at that host; empty for the host as a whole.</param>
    /// <param name="anew">Whether credentials that are kept from an earlier call were refused.</param>
    /// <param name="cancellationToken">Gives up; kills a program that is asked.</param>
    /// <exception cref="RegistryException">Misconfigured: a file is wrong, or a program fails.</exception>
    Task<IReadOnlyList<RegistryCredentials>> FindAsync(string host, string repository, bool anew, CancellationToken cancellationToken);
}
