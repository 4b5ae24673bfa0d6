namespace Containerd.Snapshots.Hosting.Reporting;

/// <summary>An error that the operator must fix before the server can start. The message is one sentence without a full stop.</summary>
internal sealed class SetupException(string message, Exception? cause = null) : Exception(message, cause);
