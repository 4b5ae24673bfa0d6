using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Hosting.Setup;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Containerd.Snapshots.Hosting.Server;

/// <summary>Configures the host's log: to standard error, without waiting for a slow reader.</summary>
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
            QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite, // A slow reader of the log must not delay calls.
        });
        services.AddFixedOptions(new JsonConsoleFormatterOptions { UseUtcTimestamp = true, TimestampFormat = TimestampFormat });
        services.AddFixedOptions(new SimpleConsoleFormatterOptions
        {
            SingleLine = true,
            ColorBehavior = LoggerColorBehavior.Disabled,
            UseUtcTimestamp = true,
            TimestampFormat = TimestampFormat + " ",
        });
        services.AddFixedOptions(new ConsoleFormatterOptions()); // For systemd's formatter: the journal stores the time of each line.
    }

    // The journal reads a line's level from the prefix that .NET's formatter for systemd writes.
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

            // A peer could fill the log with errors about malformed messages, and warnings and errors about its frames.
            .AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.Critical)
            .AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error)
            .AddFilter("Microsoft.AspNetCore.Server.Kestrel.Http2", LogLevel.None);
    }
}
