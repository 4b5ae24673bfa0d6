namespace Containerd.Snapshots.Hosting.Reporting;

/// <summary>Something that the operator has to change before the server can start; its message is one sentence for him.</summary>
internal sealed class SetupException(string message, Exception? cause = null) : Exception(message, cause);
