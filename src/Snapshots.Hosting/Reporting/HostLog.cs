using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Hosting.Reporting;

/// <summary>The host's log lines.</summary>
internal static partial class HostLog
{
    [LoggerMessage(9, LogLevel.Information, "Version {Version}, on Snapshots.Hosting {Library}")]
    public static partial void Starting(ILogger logger, string version, string library);

    [LoggerMessage(10, LogLevel.Information, "{Snapshotter} answers {Calls}")]
    public static partial void Serving(ILogger logger, string snapshotter, string calls);

    [LoggerMessage(11, LogLevel.Information, "Listening on {Path}")]
    public static partial void Listening(ILogger logger, string path);

    [LoggerMessage(12, LogLevel.Information, "Stopped listening on {Path}")]
    public static partial void Stopped(ILogger logger, string path);

    [LoggerMessage(13, LogLevel.Warning, "Cannot remove the socket {Path}, so containerd waits before it tries to connect again: {Reason}")]
    public static partial void CannotRemove(ILogger logger, string path, string reason);

    [LoggerMessage(14, LogLevel.Warning, "{Count} calls did not end in time and are abandoned; the snapshotters are not disposed")]
    public static partial void Abandoned(ILogger logger, int count);

    [LoggerMessage(15, LogLevel.Error, "Cannot dispose {Type}")]
    public static partial void CannotDispose(ILogger logger, Type type, Exception exception);

    [LoggerMessage(16, LogLevel.Warning, "Closed a connection of {Peer}: only root, the server's own user and the users of --allow-user may connect{LeftOut}")]
    public static partial void Refused(ILogger logger, string peer, string leftOut);

    [LoggerMessage(17, LogLevel.Warning, "Closed a connection of {Peer}: {Limit} connections are open, the limit of --max-connections{LeftOut}")]
    public static partial void TooMany(ILogger logger, string peer, int limit, string leftOut);

    [LoggerMessage(18, LogLevel.Warning, "Cannot notify systemd: {Reason}")]
    public static partial void CannotNotify(ILogger logger, string reason);

    [LoggerMessage(19, LogLevel.Error, "A callback registered on Stopping failed or did not end in time")]
    public static partial void StopCallbackFailed(ILogger logger, Exception exception);

    [LoggerMessage(20, LogLevel.Error, "Cannot accept a connection; trying again{LeftOut}")]
    public static partial void CannotAccept(ILogger logger, Exception exception, string leftOut);

    [LoggerMessage(21, LogLevel.Warning, "{Finding}")]
    public static partial void Endangered(ILogger logger, SnapshotterCheckResult finding);

    [LoggerMessage(22, LogLevel.Debug, "Cannot create {Snapshotter}")]
    public static partial void CannotCreate(ILogger logger, string snapshotter, Exception exception);
}
