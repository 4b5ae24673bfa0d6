using System.CommandLine;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Hosting;

/// <summary>What the command line says.</summary>
internal sealed record CommandLineOptions(string SocketPath, string? Root, LogLevel LogLevel, ParseResult Parsed);
