using System.CommandLine;
using Containerd.Snapshots.Hosting.Setup;
using Containerd.Snapshots.Hosting.Sockets;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Hosting.CommandLine;

/// <summary>The options that every host has, as the command line knows them.</summary>
internal sealed class HostOptionSet
{
    private static readonly SnapshotterLimits Default = new();

    private readonly Argument<string?> _socket = new("socket")
    {
        Description = "The Unix socket to serve on: the address in containerd's configuration. Under systemd's socket activation it is left out.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _root = new("--root")
    {
        Description = "The directory where the snapshotter keeps what it has.",
        HelpName = "DIR",
    };

    private readonly Option<LogLevel> _logLevel = new("--log-level")
    {
        Description = $"What to log: one of {OptionParsers.Names<LogLevel>()}. Debug has a line for each call.",
        HelpName = "LEVEL",
        DefaultValueFactory = static _ => LogLevel.Information,
        CustomParser = static argument => OptionParsers.Name<LogLevel>(argument, "log level"),
    };

    private readonly Option<LogFormat> _logFormat = new("--log-format")
    {
        Description = "How to log: as Text, or with a line of Json for each entry.",
        HelpName = "FORMAT",
        DefaultValueFactory = static _ => LogFormat.Text,
        CustomParser = static argument => OptionParsers.Name<LogFormat>(argument, "log format"),
    };

    private readonly Option<UnixFileMode?> _socketMode = new("--socket-mode")
    {
        Description = "The mode of the socket's file: 0600 if not given.",
        HelpName = "MODE",
        CustomParser = OptionParsers.Mode,
    };

    private readonly Option<string?> _socketUser = new("--socket-user")
    {
        Description = "The user who owns the socket's file, by name or number: the server's own if not given.",
        HelpName = "USER",
    };

    private readonly Option<string?> _socketGroup = new("--socket-group")
    {
        Description = "The group of the socket's file, by name or number: the server's own if not given.",
        HelpName = "GROUP",
    };

    private readonly Option<string[]> _allowedUsers = new("--allow-user")
    {
        Description = "A user, by name or number, whose processes may connect, beside root and the server's own. Can be given several times.",
        HelpName = "USER",
    };

    private readonly Option<int?> _maxConnections = new("--max-connections")
    {
        Description = $"How many connections may be open at once: {Default.MaxConnections} if not given.",
        HelpName = "N",
        CustomParser = static argument => OptionParsers.Count(argument, 1),
    };

    private readonly Option<int?> _maxCalls = new("--max-calls")
    {
        Description = $"How many calls may be at work at once: {Default.MaxConcurrentCalls} if not given. Further ones wait.",
        HelpName = "N",
        CustomParser = static argument => OptionParsers.Count(argument, 1),
    };

    private readonly Option<int?> _maxQueuedCalls = new("--max-queued-calls")
    {
        Description = $"How many calls may wait: {Default.MaxQueuedCalls} if not given. Further ones are refused.",
        HelpName = "N",
        CustomParser = static argument => OptionParsers.Count(argument, 0),
    };

    private readonly Option<int?> _maxRequestSize = new("--max-request-size")
    {
        Description = $"How many bytes a request may have: {Default.MaxRequestSize} if not given, as containerd has it.",
        HelpName = "BYTES",
        CustomParser = static argument => OptionParsers.Count(argument, SnapshotterLimits.LeastRequestSize, int.MaxValue),
    };

    private readonly Option<IReadOnlyList<CallTimeout>> _callTimeouts = new("--call-timeout")
    {
        Description = "How long a call may take, as in Prepare=1h. Can be given several times. If not given: " + Timeouts(),
        HelpName = "CALL=TIME",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = OptionParsers.CallTimes,
    };

    private readonly Option<TimeSpan?> _drainTime = new("--drain-time")
    {
        Description = $"How long calls may go on after a stop was asked for: {Default.DrainTime.TotalSeconds}s if not given.",
        HelpName = "TIME",
        CustomParser = OptionParsers.Time,
    };

    /// <summary>The names and aliases that a program's own options cannot have.</summary>
    public static IReadOnlyCollection<string> Names { get; } =
        [.. new HostOptionSet().Options.Select(static option => option.Name), "--help", "-h", "-?", "/h", "/?", "--version", .. HostCommands.OptionNames];

    private IEnumerable<Option> Options =>
    [
        _root, _logLevel, _logFormat,
        _socketMode, _socketUser, _socketGroup, _allowedUsers,
        _maxConnections, _maxCalls, _maxQueuedCalls, _maxRequestSize, _callTimeouts, _drainTime,
    ];

    /// <summary>Adds all to a command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(_socket);
        foreach (var option in Options)
            command.Options.Add(option);
    }

    /// <summary>Reads what was given.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="limits">The program's own limits, which the command line overrides.</param>
    public HostSettings Read(ParseResult parsed, SnapshotterLimits limits)
    {
        limits.MaxConnections = parsed.GetValue(_maxConnections) ?? limits.MaxConnections;
        limits.MaxConcurrentCalls = parsed.GetValue(_maxCalls) ?? limits.MaxConcurrentCalls;
        limits.MaxQueuedCalls = parsed.GetValue(_maxQueuedCalls) ?? limits.MaxQueuedCalls;
        limits.MaxRequestSize = parsed.GetValue(_maxRequestSize) ?? limits.MaxRequestSize;
        limits.DrainTime = parsed.GetValue(_drainTime) ?? limits.DrainTime;
        foreach (var (call, time) in parsed.GetValue(_callTimeouts) ?? [])
            limits.CallTimeouts[call] = time;

        return new()
        {
            SocketPath = parsed.GetValue(_socket),
            Root = parsed.GetValue(_root),
            LogLevel = parsed.GetValue(_logLevel),
            LogFormat = parsed.GetValue(_logFormat),
            SocketAccess = new()
            {
                Mode = parsed.GetValue(_socketMode) ?? SocketAccess.OwnerOnly,
                User = parsed.GetValue(_socketUser),
                Group = parsed.GetValue(_socketGroup),
            },
            AllowedUsers = parsed.GetValue(_allowedUsers) ?? [],
            Limits = limits,
            Parsed = parsed,
        };
    }

    private static string Timeouts() => string.Join(
        ", ",
        Default.CallTimeouts.Calls
            .GroupBy(call => Default.CallTimeouts[call])
            .Select(static group => $"{string.Join(", ", group)} {(group.Key.TotalMinutes < 1 ? $"{group.Key.TotalSeconds}s" : $"{group.Key.TotalMinutes}m")}"));
}
