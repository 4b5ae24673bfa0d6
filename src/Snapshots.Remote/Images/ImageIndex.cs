namespace Containerd.Snapshots.Remote.Images;

/// <summary>A list of manifests, one for each platform.</summary>
internal sealed record ImageIndex(IReadOnlyList<IndexEntry> Entries)
{
    /// <summary>
    /// Returns the entry for the best of some platforms, or null. Of several, the first; an entry that names no platform counts
    /// only if no other one fits, as in containerd.
    /// </summary>
    public RegistryDescriptor? Pick(IReadOnlyList<ImagePlatform> platforms)
    {
        foreach (var platform in platforms)
        {
            if (Entries.FirstOrDefault(entry => entry.Platform?.Normalized() == platform) is { } found)
                return found.Descriptor;
        }

        return Entries.FirstOrDefault(entry => entry.Platform is null)?.Descriptor;
    }
}

/// <summary>A manifest in an index, or another index.</summary>
/// <param name="Descriptor">Where it is.</param>
/// <param name="Platform">What it is for; null if the index does not say.</param>
internal sealed record IndexEntry(RegistryDescriptor Descriptor, ImagePlatform? Platform);
