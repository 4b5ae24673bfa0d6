namespace Containerd.Snapshots.Storage.Content;

/// <summary>
/// The error of content that exists already under a new number. It may hold data, so it stays. AlreadyExists would be wrong:
/// from Prepare it tells containerd that the layer exists already.
/// </summary>
internal static class ContentExists
{
    private const string Mark = "Containerd.Snapshots.Storage.ContentExists";

    /// <summary>Returns the error.</summary>
    /// <param name="content">The content: <c>the directory of snapshot number 7</c>.</param>
    public static SnapshotterException Error(string content)
    {
        var error = new SnapshotterException(SnapshotterError.Internal, $"{content} exists already: a number was used twice");
        error.Data[Mark] = true;
        return error;
    }

    /// <summary>Whether an exception is this error.</summary>
    public static bool Is(Exception exception) => exception.Data.Contains(Mark);
}
