using Containerd.Snapshots.Erofs.Mounts;
using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Erofs;

/// <summary>
/// Mounts EROFS images, read-only, in the mount namespace of the process; that needs CAP_SYS_ADMIN. All members are
/// thread-safe. An error of the kernel is an <see cref="IOException"/> with the error number as its
/// <see cref="Exception.HResult"/>.
/// </summary>
public static class ErofsMount
{
    /// <summary>Mounts an image. The file must stay as it is while it is mounted.</summary>
    /// <param name="image">The file of the image.</param>
    /// <param name="directory">The directory, which exists. What is mounted there already is covered.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="IOException">The kernel cannot mount it; the message says how it was tried.</exception>
    public static void Mount(string image, string directory, ErofsMountOptions? options = null)
    {
        using var mount = Open(image, directory, options);
        Throw(Linux.MoveMount(mount, directory), $"cannot mount \"{image}\" at \"{directory}\"");
    }

    /// <summary>
    /// Mounts an image in the place of what is mounted at a directory. At no moment is the directory without a mount (before
    /// Linux 6.5 for an instant). What uses the earlier mount keeps it.
    /// </summary>
    /// <param name="image">The file of the image.</param>
    /// <param name="directory">The directory, at which something is mounted.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="IOException">The kernel cannot mount it; what was mounted before may be gone.</exception>
    public static void Replace(string image, string directory, ErofsMountOptions? options = null)
    {
        using var mount = Open(image, directory, options);
        Replace(mount, directory, $"cannot mount \"{image}\" at \"{directory}\"");
    }

    /// <summary>As <see cref="Bind"/>, in the place of what is mounted at the target; see <see cref="Replace(string, string, ErofsMountOptions?)"/>.</summary>
    /// <param name="source">The directory.</param>
    /// <param name="target">The directory where it appears, too, and at which something is mounted.</param>
    public static void ReplaceBind(string source, string target)
    {
        using var mount = Clone(source, target);
        Replace(mount, target, $"cannot bind \"{source}\" to \"{target}\"");
    }

    /// <summary>Mounts a directory a second time, as with <c>mount --bind</c>; mounts below it stay where they are.</summary>
    /// <param name="source">The directory, such as <c>fs</c> in a mounted image.</param>
    /// <param name="target">The directory where it appears, too.</param>
    public static void Bind(string source, string target)
    {
        using var mount = Clone(source, target);
        Throw(Linux.MoveMount(mount, target), $"cannot bind \"{source}\" to \"{target}\"");
    }

    /// <summary>Removes the mount at a directory. It fails while a file in it is open.</summary>
    public static void Unmount(string directory) => Unmount(directory, UnmountFlags.NoFollow);

    /// <summary>
    /// Removes the mount at a directory at once; the kernel frees it when nothing uses it any more, such as an overlay on it.
    /// </summary>
    public static void UnmountLazily(string directory) => Unmount(directory, UnmountFlags.NoFollow | UnmountFlags.Lazy);

    /// <summary>Tells which image is mounted at a directory, by any process and also by a bind; null if none is.</summary>
    public static MountedErofs? Find(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return Linux.Look(directory, LinkHandling.Follow, out var status) == 0 && status.IsMountRoot
            ? MountTable.Read().FirstOrDefault(mount => mount.Id == status.Mount.Id)?.ToErofs()
            : null;
    }

    /// <summary>Lists the images that are mounted, in the order of their mounting; a directory comes twice if it was covered.</summary>
    public static IReadOnlyList<MountedErofs> List() => [.. MountTable.Read().Select(mount => mount.ToErofs()).OfType<MountedErofs>()];

    private static SafeFileHandle Open(string image, string directory, ErofsMountOptions? options)
    {
        ArgumentException.ThrowIfNullOrEmpty(image);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        options ??= new();
        var mount = ImageMount.Open(Path.GetFullPath(image), options.Backing, options.SelinuxContext);
        try
        {
            if (options.UserNamespace is { } userNamespace)
                MapIds(mount, userNamespace, image);

            return mount;
        }
        catch
        {
            mount.Dispose();
            throw;
        }
    }

    private static SafeFileHandle Clone(string source, string target)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        ArgumentException.ThrowIfNullOrEmpty(target);
        var error = Linux.CloneMount(source, out var mount);
        if (error == 0)
            return mount;

        mount.Dispose();
        throw Linux.Failed(error, $"cannot bind \"{source}\"");
    }

    // The kernel refuses to mount beneath where it cannot, such as where mounts are propagated from.
    private static void Replace(SafeFileHandle mount, string directory, string what)
    {
        var isBeneath = Linux.MoveMountBeneath(mount, directory) == 0;
        UnmountLazily(directory);
        if (!isBeneath)
            Throw(Linux.MoveMount(mount, directory), what);
    }

    private static void MapIds(SafeFileHandle mount, SafeFileHandle userNamespace, string image)
    {
        var added = false;
        try
        {
            userNamespace.DangerousAddRef(ref added);
            var change = new MountChange { Set = (ulong)MountAttributes.IdMapped, UserNamespace = (ulong)userNamespace.DangerousGetHandle() };
            Throw(Linux.SetMountAttributes(mount, change), $"cannot map the ids of \"{image}\" (this needs Linux 5.19)");
        }
        finally
        {
            if (added)
                userNamespace.DangerousRelease();
        }
    }

    private static void Unmount(string directory, UnmountFlags flags)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        Throw(Linux.Unmount(directory, flags), $"cannot unmount \"{directory}\"");
    }

    private static void Throw(int error, string what)
    {
        if (error != 0)
            throw Linux.Failed(error, what);
    }
}

/// <summary>An EROFS image that is mounted.</summary>
/// <param name="Directory">The directory where it is mounted.</param>
/// <param name="Image">The path of its file, as it was when it was mounted.</param>
/// <param name="Root">The directory of the image that is mounted: <c>/</c>, or that of a bind, such as <c>/fs</c>.</param>
public sealed record MountedErofs(string Directory, string Image, string Root);
