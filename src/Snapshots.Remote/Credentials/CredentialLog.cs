using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Remote.Credentials;

/// <summary>The log lines about credentials.</summary>
internal static partial class CredentialLog
{
    [LoggerMessage(1, LogLevel.Warning, "Some credentials for {Host} are missing: {Reason}")]
    public static partial void Failed(ILogger logger, string host, string reason);
}
