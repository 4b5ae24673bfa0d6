using Containerd.Snapshots.Shared;

namespace Containerd.Snapshots.Hosting.Files;

/// <summary>A file's owner, and what others may do with the file.</summary>
internal readonly record struct FileOwnership(uint User, uint Group, UnixFileMode Mode)
{
    public bool IsWritableByOthers => Mode.HasFlag(UnixFileMode.OtherWrite);

    public bool IsWritableByGroup => Mode.HasFlag(UnixFileMode.GroupWrite);

    public bool IsOpenToOthers => Mode.HasFlag(UnixFileMode.OtherExecute);

    public bool IsSticky => Mode.HasFlag(UnixFileMode.StickyBit);

    /// <summary>The mode in octal, such as <c>0700</c>.</summary>
    public string Octal => InOctal(Mode);

    /// <summary>Gets a file's ownership, or null if it does not exist.</summary>
    /// <exception cref="IOException">The kernel does not tell.</exception>
    public static FileOwnership? Of(string path, LinkHandling links = LinkHandling.Follow) =>
        HostFiles.Look(path, links) is { } status ? new(status.Owner.User, status.Owner.Group, status.Permissions) : null;

    public static string InOctal(UnixFileMode mode) => Convert.ToString((int)mode, 8).PadLeft(4, '0');
}
