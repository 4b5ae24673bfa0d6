using System.CommandLine;
using Containerd.Snapshots.Hosting.Sockets;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Hosting.Setup;

/// <summary>What the command line says.</summary>
internal sealed record HostSettings
{
    /// <summary>Where to listen, or null where systemd gives the socket.</summary>
    public string? SocketPath { get; init; }

    public string? Root { get; init; }

    public LogLevel LogLevel { get; init; }

    public LogFormat LogFormat { get; init; }

    public required SocketAccess SocketAccess { get; init; }

    /// <summary>Users beside root and the server's own whose processes may connect, by name or number.</summary>
    public IReadOnlyList<string> AllowedUsers { get; init; } = [];

    public required SnapshotterLimits Limits { get; init; }

    /// <summary>Where the options of the program's own are found.</summary>
    public required ParseResult Parsed { get; init; }
}

/// <summary>How a log line is written.</summary>
internal enum LogFormat
{
    Text,
    Json,
}
