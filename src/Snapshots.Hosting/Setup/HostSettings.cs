using System.CommandLine;
using Containerd.Snapshots.Hosting.Sockets;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Hosting.Setup;

/// <summary>The values on the command line.</summary>
internal sealed record HostSettings
{
    /// <summary>The socket's path; null if it was not given because systemd passes the socket.</summary>
    public string? SocketPath { get; init; }

    public string? Root { get; init; }

    public LogLevel LogLevel { get; init; }

    public LogFormat LogFormat { get; init; }

    public required SocketAccess SocketAccess { get; init; }

    /// <summary>Users, by name or number, whose processes may connect in addition to those of root and the server's own user.</summary>
    public IReadOnlyList<string> AllowedUsers { get; init; } = [];

    public required SnapshotterLimits Limits { get; init; }

    /// <summary>Holds the values of the program's own options.</summary>
    public required ParseResult Parsed { get; init; }
}

/// <summary>The format of log lines.</summary>
internal enum LogFormat
{
    Text,
    Json,
}
