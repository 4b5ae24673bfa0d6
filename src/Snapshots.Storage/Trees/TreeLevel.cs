using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Storage.Trees;

/// <summary>A directory on the way from a tree's top to a walk's position.</summary>
/// <param name="name">Its name in the directory above, with a zero at the end.</param>
/// <param name="status">Its status when it was opened.</param>
/// <param name="handle">The open directory.</param>
internal sealed class TreeLevel(byte[] name, in FileStatus status, SafeFileHandle handle)
{
    public byte[] Name { get; } = name;

    public FileStatus Status { get; } = status;

    /// <summary>The open directory, or null if it is closed while the walk is deeper.</summary>
    public SafeFileHandle? Handle { get; set; } = handle;

    /// <summary>The directories in it that the walk has not entered yet.</summary>
    public NameStack Directories { get; } = new();

    /// <summary>How many times its entries were read.</summary>
    public int Readings { get; set; }

    /// <summary>Whether its entries must be read next.</summary>
    public bool IsUnread { get; set; } = true;

    /// <summary>Whether something in it cannot be removed.</summary>
    public bool HasFailed { get; set; }
}
