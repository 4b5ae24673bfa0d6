namespace Containerd.Snapshots;

/// <summary>What a check has found on this machine: a line of what the command <c>check</c> prints.</summary>
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

    /// <summary>How bad it is.</summary>
    public SnapshotterCheckLevel Level { get; }

    /// <summary>What was found, without a full stop.</summary>
    public string Message { get; }

    /// <summary>What the operator has to do, or empty if there is nothing to do, or the message says it.</summary>
    public string Remedy { get; }

    /// <summary>It is as it should be.</summary>
    /// <param name="message">What was found.</param>
    public static SnapshotterCheckResult Ok(string message) => new(SnapshotterCheckLevel.Ok, message, "");

    /// <summary>The operator may want to know; it can be as it should be.</summary>
    /// <param name="message">What was found.</param>
    public static SnapshotterCheckResult Note(string message) => new(SnapshotterCheckLevel.Note, message, "");

    /// <summary>The snapshotter works, but not as it should.</summary>
    /// <param name="message">What was found.</param>
    /// <param name="remedy">What to do.</param>
    public static SnapshotterCheckResult Warning(string message, string remedy) => new(SnapshotterCheckLevel.Warning, message, remedy);

    /// <summary>The snapshotter, or containerd with it, does not work; the command's exit code is 1 then.</summary>
    /// <param name="message">What was found.</param>
    /// <param name="remedy">What to do.</param>
    public static SnapshotterCheckResult Wrong(string message, string remedy) => new(SnapshotterCheckLevel.Wrong, message, remedy);

    /// <summary>The message, and what to do after a colon.</summary>
    public override string ToString() => Remedy.Length == 0 ? Message : $"{Message}: {Remedy}";
}

/// <summary>How bad it is what a check has found.</summary>
public enum SnapshotterCheckLevel
{
    /// <summary>It is as it should be.</summary>
    Ok,

    /// <summary>The operator may want to know; it can be as it should be.</summary>
    Note,

    /// <summary>The snapshotter works, but not as it should.</summary>
    Warning,

    /// <summary>The snapshotter, or containerd with it, does not work.</summary>
    Wrong,
}
