using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Overlay.Trees;

/// <summary>A directory on the way from a tree's top to where a walk is.</summary>
/// <param name="name">Its name in the directory above, with the zero at the end.</param>
/// <param name="status">What it was when it was opened.</param>
/// <param name="handle">Itself, opened.</param>
internal sealed class TreeLevel(byte[] name, in FileStatus status, SafeFileHandle handle)
{
    public byte[] Name { get; } = name;

    public FileStatus Status { get; } = status;

    /// <summary>The directory, or null where it was closed for those further below.</summary>
    public SafeFileHandle? Handle { get; set; } = handle;

    /// <summary>Directories in it that the walk has still to go into.</summary>
    public NameStack Directories { get; } = new();

    /// <summary>How many times its entries were read.</summary>
    public int Readings { get; set; }

    /// <summary>Whether its entries have to be read next.</summary>
    public bool IsUnread { get; set; } = true;

    /// <summary>Whether something in it cannot be removed.</summary>
    public bool HasFailed { get; set; }
}
