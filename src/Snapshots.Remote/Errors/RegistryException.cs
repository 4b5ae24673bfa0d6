namespace Containerd.Snapshots.Remote;

/// <summary>
/// An image, or a part of it, that cannot be had from its registry. The message is one sentence for an operator: it names the
/// registry's host, the repository and what to do, and never has a query string, a token, or what the registry sent.
/// </summary>
public sealed class RegistryException : Exception
{
    /// <summary>Creates an error of the kind <see cref="RegistryError.Unavailable"/>.</summary>
    public RegistryException()
        : this(RegistryError.Unavailable, "The registry is not available.")
    {
    }

    /// <summary>Creates an error of the kind <see cref="RegistryError.Unavailable"/>.</summary>
    /// <param name="message">What went wrong.</param>
    public RegistryException(string message)
        : this(RegistryError.Unavailable, message)
    {
    }

    /// <summary>Creates an error of the kind <see cref="RegistryError.Unavailable"/>.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">The cause.</param>
    public RegistryException(string message, Exception? innerException)
        : this(RegistryError.Unavailable, message, innerException)
    {
    }

    /// <summary>Creates an error.</summary>
    /// <param name="error">The kind of error.</param>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">The cause.</param>
    public RegistryException(RegistryError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>The kind of error.</summary>
    public RegistryError Error { get; }

    /// <summary>The digest that was asked for, where <see cref="Error"/> is WrongDigest; otherwise null.</summary>
    public SnapshotDigest? Expected { get; private init; }

    /// <summary>The digest of what came, where <see cref="Error"/> is WrongDigest; otherwise null.</summary>
    public SnapshotDigest? Found { get; private init; }

    /// <summary>Whether the same host may answer better a little later.</summary>
    internal bool IsTransient { get; private init; }

    /// <summary>What the registry asks to wait, or null.</summary>
    internal TimeSpan? RetryAfter { get; private init; }

    internal static RegistryException Transient(string message, Exception? innerException = null, TimeSpan? retryAfter = null) =>
        new(RegistryError.Unavailable, message, innerException) { IsTransient = true, RetryAfter = retryAfter };

    internal static RegistryException WrongDigest(string host, string repository, SnapshotDigest expected, SnapshotDigest found) =>
        new(RegistryError.WrongDigest, $"{host} sent {found} as {expected} of {repository}: repair or remove it there")
        {
            Expected = expected,
            Found = found,
        };
}
