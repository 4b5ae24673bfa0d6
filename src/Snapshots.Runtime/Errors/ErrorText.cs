namespace Containerd.Snapshots.Runtime.Errors;

/// <summary>The texts of errors on the wire, as containerd's client expects them.</summary>
internal static class ErrorText
{
    // A gRPC message travels in a header, and peers bound those; keys may be megabytes.
    private const int MaxLength = 2048;

    public static string Snapshot(string key) => $"snapshot \"{key}\"";

    /// <summary>A message with the ending by which containerd's client knows, and trims, the kind.</summary>
    public static string ForWire(SnapshotterError error, string message)
    {
        var text = Shorten(message);
        if (Ending(error) is not { } ending || text == ending || text.EndsWith($": {ending}", StringComparison.Ordinal))
            return text;

        return text.Length == 0 ? ending : $"{text}: {ending}";
    }

    private static string Shorten(string message)
    {
        if (message.Length <= MaxLength)
            return message;

        const int Half = MaxLength / 2;
        return $"{message.AsSpan(0, Half)} ... {message.AsSpan(message.Length - Half)}";
    }

    private static string? Ending(SnapshotterError error) => error switch
    {
        SnapshotterError.InvalidArgument => "invalid argument",
        SnapshotterError.NotFound => "not found",
        SnapshotterError.AlreadyExists => "already exists",
        SnapshotterError.PermissionDenied => "permission denied",
        SnapshotterError.ResourceExhausted => "resource exhausted",
        SnapshotterError.FailedPrecondition => "failed precondition",
        SnapshotterError.Conflict => "conflict",
        SnapshotterError.NotModified => "not modified",
        SnapshotterError.Aborted => "aborted",
        SnapshotterError.OutOfRange => "out of range",
        SnapshotterError.NotImplemented => "not implemented",
        SnapshotterError.Internal => "internal",
        SnapshotterError.Unavailable => "unavailable",
        SnapshotterError.DataLoss => "data loss",
        SnapshotterError.Unauthenticated => "unauthenticated",
        _ => null,
    };
}
