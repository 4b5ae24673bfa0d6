namespace Containerd.Snapshots.Hosting.Sockets;

/// <summary>The mode and owners of the socket's file. The kernel requires write permission to connect.</summary>
internal sealed record SocketAccess
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public UnixFileMode Mode { get; init; } = OwnerOnly;

    /// <summary>The owner, by name or number, or null for the server's user.</summary>
    public string? User { get; init; }

    /// <summary>The group, by name or number, or null for the server's group.</summary>
    public string? Group { get; init; }

    /// <summary>Whether no option changed the defaults.</summary>
    public bool IsDefault => this == new SocketAccess();
}
