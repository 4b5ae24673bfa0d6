using System.CommandLine;
using Containerd.Snapshots.Hosting.Setup;
using Containerd.Snapshots.Hosting.Sockets;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Hosting.CommandLine;

/// <summary>The command-line options of every host.</summary>
internal sealed class HostOptionSet
{
    private static readonly SnapshotterLimits Default = new();

    private readonly Argument<string?> _socket = new("socket")
    {
        Description = "The path of the Unix socket to serve on, which is the address in containerd's configuration. Leave it out under systemd's socket activation.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _root = new("--root")
    {
        Description = "The snapshotter's data directory.",
        HelpName = "DIR",
    };

    private readonly Option<LogLevel> _logLevel = new("--log-level")
    {
        Description = $"The lowest level to log: {OptionParsers.Names<LogLevel>()}. Debug writes a line for each call.",
        HelpName = "LEVEL",
        DefaultValueFactory = static _ => LogLevel.Information,
        CustomParser = static argument => OptionParsers.Name<LogLevel>(argument, "log level"),
    };

    private readonly Option<LogFormat> _logFormat = new("--log-format")
    {
        Description = "The format of the log: Text, or Json with one object per line.",
        HelpName = "FORMAT",
        DefaultValueFactory = static _ => LogFormat.Text,
        CustomParser = static argument => OptionParsers.Name<LogFormat>(argument, "log format"),
    };

    private readonly Option<UnixFileMode?> _socketMode = new("--socket-mode")
    {
        Description = "The mode of the socket's file. Default: 0600.",
        HelpName = "MODE",
        CustomParser = OptionParsers.Mode,
    };

    private readonly Option<string?> _socketUser = new("--socket-user")
    {
        Description = "The owner of the socket's file, by name or number. Default: the server's user.",
        HelpName = "USER",
    };

    private readonly Option<string?> _socketGroup = new("--socket-group")
    {
        Description = "The group of the socket's file, by name or number. Default: the server's group.",
        HelpName = "GROUP",
    };

    private readonly Option<string[]> _allowedUsers = new("--allow-user")
    {
        Description = "A user, by name or number, whose processes may connect, in addition to root and the server's user. Can be repeated.",
        HelpName = "USER",
    };

    private readonly Option<int?> _maxConnections = new("--max-connections")
    {
        Description = $"The maximum number of open connections. Default: {Default.MaxConnections}. Further ones are closed.",
        HelpName = "N",
        CustomParser = static argument => OptionParsers.Count(argument, 1),
    };

    private readonly Option<int?> _maxCalls = new("--max-calls")
    {
        Description = $"The maximum number of calls that run at once. Default: {Default.MaxConcurrentCalls}. Further ones wait.",
        HelpName = "N",
        CustomParser = static argument => OptionParsers.Count(argument, 1),
    };

    private readonly Option<int?> _maxQueuedCalls = new("--max-queued-calls")
    {
        Description = $"The maximum number of calls that wait. Default: {Default.MaxQueuedCalls}. Further ones are refused.",
        HelpName = "N",
        CustomParser = static argument => OptionParsers.Count(argument, 0),
    };

    private readonly Option<int?> _maxRequestSize = new("--max-request-size")
    {
        Description = $"The maximum size of a request in bytes. Default: {Default.MaxRequestSize}, as in containerd.",
        HelpName = "BYTES",
        CustomParser = static argument => OptionParsers.Count(argument, SnapshotterLimits.LeastRequestSize, int.MaxValue),
    };

    private readonly Option<IReadOnlyList<CallTimeout>> _callTimeouts = new("--call-timeout")
    {
        Description = "The time limit of a call, such as Prepare=1h. Can be repeated. Defaults: " + Timeouts() + ".",
        HelpName = "CALL=TIME",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = OptionParsers.CallTimes,
    };

    private readonly Option<TimeSpan?> _drainTime = new("--drain-time")
    {
        Description = $"How long calls may continue after a stop was requested. Default: {Default.DrainTime.TotalSeconds}s.",
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

    /// <summary>Adds the socket and all options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(_socket);
        foreach (var option in Options)
            command.Options.Add(option);
    }

    /// <summary>Adds the option of the data directory to a command that needs no other.</summary>
    public void AddRootTo(Command command) => command.Options.Add(_root);

    /// <summary>Reads the values.</summary>
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
        "; ",
        Default.CallTimeouts.Calls
            .GroupBy(call => Default.CallTimeouts[call])
            .Select(static group => $"{(group.Key.TotalMinutes < 1 ? $"{group.Key.TotalSeconds}s" : $"{group.Key.TotalMinutes}m")} for {string.Join(", ", group)}"));
}
