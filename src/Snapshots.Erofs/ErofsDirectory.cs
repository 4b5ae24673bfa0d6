using Containerd.Snapshots.Shared;

namespace Containerd.Snapshots.Erofs;

/// <summary>Finds the directories of layers, for <see cref="ErofsLayerOptions.FindDirectoryBelow"/>.</summary>
public static class ErofsDirectory
{
    private static readonly string[] Opaque = ["trusted.overlay.opaque", "user.overlay.opaque"];

    /// <summary>
    /// Returns the attributes that a directory has in an overlay of layers, or null if the overlay has no such directory. The
    /// time is left out: containerd's unpacking changes it.
    /// </summary>
    /// <param name="layers">The directories with the files of the layers, the nearest first.</param>
    /// <param name="path">The path in the layers, such as <c>var/lib</c>.</param>
    /// <exception cref="IOException">A layer cannot be read.</exception>
    public static ErofsAttributes? Find(IEnumerable<string> layers, string path)
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentException.ThrowIfNullOrEmpty(path);
        foreach (var layer in layers)
        {
            if (Find(layer, path.Split('/'), out var found))
                return found;
        }

        return null;
    }

    // True if the layers below do not matter.
    private static bool Find(string layer, string[] names, out ErofsAttributes? found)
    {
        found = null;
        var (at, hides) = (layer, false);
        FileStatus status = default;
        foreach (var name in names)
        {
            at = $"{at}/{name}";
            var error = Linux.Look(at, LinkHandling.NoFollow, out status);
            if (error == Errno.NoSuchFile)
                return hides;
            if (error != 0)
                throw Linux.Failed(error, $"cannot examine \"{at}\"");
            if (status.Type != FileType.Directory)
                return true;

            hides |= Linux.ReadAttributes(at).Any(each => Opaque.Contains(each.Key) && each.Value is [(byte)'y']);
        }

        found = new((int)status.Permissions, status.Owner.User, status.Owner.Group, ModifiedAt: 0) { ExtendedAttributes = [.. Linux.ReadAttributes(at)] };
        return true;
    }
}
