namespace Containerd.Snapshots.Hosting.Sockets;

/// <summary>Who may connect to the socket, as its file says; the kernel asks for write permission.</summary>
internal sealed record SocketAccess
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public UnixFileMode Mode { get; init; } = OwnerOnly;

    /// <summary>The owner, by name or number, or null for the server's own user.</summary>
    public string? User { get; init; }

    /// <summary>The group, by name or number, or null for the server's own.</summary>
    public string? Group { get; init; }

    /// <summary>Whether nothing was asked for.</summary>
    public bool IsDefault => this == new SocketAccess();
}
