using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Hosting.Setup;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Containerd.Snapshots.Hosting.Server;

/// <summary>What a host logs, and how: to standard error, without ever waiting for who reads it.</summary>
internal static class ServerLog
{
    private const string TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    public static void AddTo(IServiceCollection services, LogLevel level, LogFormat format)
    {
        services.AddLogging(static logging => logging.AddConsole());
        services.AddFixedOptions(Filters(level));
        services.AddFixedOptions(new LoggerFactoryOptions());
        services.AddFixedOptions(new ConsoleLoggerOptions
        {
            FormatterName = Formatter(format),
            LogToStandardErrorThreshold = LogLevel.Trace,
            QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite, // Nobody who reads the log slowly may hold up a call.
        });
        services.AddFixedOptions(new JsonConsoleFormatterOptions { UseUtcTimestamp = true, TimestampFormat = TimestampFormat });
        services.AddFixedOptions(new SimpleConsoleFormatterOptions
        {
            SingleLine = true,
            ColorBehavior = LoggerColorBehavior.Disabled,
            UseUtcTimestamp = true,
            TimestampFormat = TimestampFormat + " ",
        });
        services.AddFixedOptions(new ConsoleFormatterOptions()); // Of the one for systemd, whose journal has the time of each line.
    }

    // The journal takes a line's level from what .NET's formatter for systemd writes in front of it.
    private static string Formatter(LogFormat format) => format switch
    {
        LogFormat.Json => ConsoleFormatterNames.Json,
        _ => Journal.IsStandardError ? ConsoleFormatterNames.Systemd : ConsoleFormatterNames.Simple,
    };

    private static LoggerFilterOptions Filters(LogLevel level)
    {
        var frameworkLevel = (LogLevel)Math.Max((int)level, (int)LogLevel.Warning);
        return new LoggerFilterOptions { MinLevel = level }
            .AddFilter("Microsoft", frameworkLevel)
            .AddFilter("Grpc", frameworkLevel)

            // A peer could fill the log with these: errors about malformed messages, warnings and worse about its frames.
            .AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.Critical)
            .AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error)
            .AddFilter("Microsoft.AspNetCore.Server.Kestrel.Http2", LogLevel.None);
    }
}
