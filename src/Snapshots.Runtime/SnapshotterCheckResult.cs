namespace Containerd.Snapshots;

/// <summary>A check's finding on this machine: one line in the output of the command <c>check</c>.</summary>
public sealed record SnapshotterCheckResult
{
    private SnapshotterCheckResult(SnapshotterCheckLevel level, string message, string remedy)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(remedy);
        Level = level;
        Message = message;
        Remedy = remedy;
    }

    /// <summary>Severity of the finding.</summary>
    public SnapshotterCheckLevel Level { get; }

    /// <summary>The finding, without a full stop.</summary>
    public string Message { get; }

    /// <summary>What the operator must do; empty if nothing, or if the message says it.</summary>
    public string Remedy { get; }

    /// <summary>No problem.</summary>
    /// <param name="message">The finding, without a full stop.</param>
    public static SnapshotterCheckResult Ok(string message) => new(SnapshotterCheckLevel.Ok, message, "");

    /// <summary>Information for the operator; it may be intended.</summary>
    /// <param name="message">The finding, without a full stop.</param>
    public static SnapshotterCheckResult Note(string message) => new(SnapshotterCheckLevel.Note, message, "");

    /// <summary>A problem that does not stop the snapshotter from working.</summary>
    /// <param name="message">The finding, without a full stop.</param>
    /// <param name="remedy">What the operator must do.</param>
    public static SnapshotterCheckResult Warning(string message, string remedy) => new(SnapshotterCheckLevel.Warning, message, remedy);

    /// <summary>The snapshotter, or containerd with it, does not work. The command's exit code is then 1.</summary>
    /// <param name="message">The finding, without a full stop.</param>
    /// <param name="remedy">What the operator must do.</param>
    public static SnapshotterCheckResult Wrong(string message, string remedy) => new(SnapshotterCheckLevel.Wrong, message, remedy);

    /// <summary>The message, then a colon and the remedy if there is one.</summary>
    public override string ToString() => Remedy.Length == 0 ? Message : $"{Message}: {Remedy}";
}

/// <summary>Severity of a check's finding.</summary>
public enum SnapshotterCheckLevel
{
    /// <summary>No problem.</summary>
    Ok,

    /// <summary>Information for the operator; it may be intended.</summary>
    Note,

    /// <summary>A problem that does not stop the snapshotter from working.</summary>
    Warning,

    /// <summary>The snapshotter, or containerd with it, does not work.</summary>
    Wrong,
}
