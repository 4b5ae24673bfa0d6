namespace Containerd.Snapshots.Remote;

/// <summary>The kind of a <see cref="RegistryException"/>.</summary>
public enum RegistryError
{
    /// <summary>No registry answers, or not as it should: the same call may work later.</summary>
    Unavailable,

    /// <summary>The registry does not have what was asked for.</summary>
    NotFound,

    /// <summary>The registry denies access with the node's credentials, or without credentials.</summary>
    Denied,

    /// <summary>What the registry sent does not have the digest that it was asked for by.</summary>
    WrongDigest,

    /// <summary>What the registry sent cannot be used: a manifest that is malformed, too large, or of an unknown type.</summary>
    Invalid,

    /// <summary>A file of the node's configuration is wrong: <c>hosts.toml</c>, a certificate, or a file with credentials.</summary>
    Misconfigured,
}
