namespace Containerd.Snapshots.Erofs.Tree;

/// <summary>
/// The times of directories whose paths may lead elsewhere at the end of the layer: because other entries have replaced the
/// directory, or a link on its path. containerd sets the times of all directories at the end of its unpacking, by their
/// entries' paths and in their order: what is there then gets the time, and if nothing is there, the layer is refused.
/// </summary>
internal sealed class DirectoryTimes
{
    private const int Memory = 120;

    private readonly List<(int Order, string Path, ErofsAttributes Attributes)> _times = [];

    /// <summary>Adds the entry of a directory.</summary>
    /// <returns>About how many bytes of memory that takes.</returns>
    public long Add(Inode directory, string path)
    {
        _times.Add((directory.Order, path, directory.Attributes));
        return Memory + (2 * path.Length);
    }

    /// <summary>Adds the last entry of a directory if its path leads through no links; others have been added.</summary>
    /// <inheritdoc cref="Add"/>
    public long AddPlain(Inode directory) => directory.Order > 0 && !directory.IsOrderedByLinks ? Add(directory, PathOf(directory)) : 0;

    /// <summary>Adds a directory that has just been taken out of its parent, and those in it.</summary>
    /// <inheritdoc cref="Add"/>
    public long AddRemoved(Inode removed)
    {
        var memory = 0L;
        var rest = new Stack<Inode>([removed]);
        while (rest.TryPop(out var directory))
        {
            memory += AddPlain(directory);
            foreach (var below in directory.Files!.Values)
            {
                if (below.Type == FileType.Directory)
                    rest.Push(below);
            }
        }

        return memory;
    }

    /// <exception cref="InvalidDataException">Nothing is in the place of a directory.</exception>
    public void Apply(TreeWalk walk)
    {
        foreach (var (order, path, attributes) in _times.OrderBy(each => each.Order))
        {
            var file = walk.FindTarget(path) ?? throw new InvalidDataException($"the layer has the directory \"{path}\", and later nothing in its place");
            if (file.Order >= order && !file.IsOrderedByLinks)
                continue; // It has an entry of its own after this one.

            (file.Order, file.IsOrderedByLinks) = (order, false);
            file.Attributes = file.Attributes with { ModifiedAt = attributes.ModifiedAt, Nanoseconds = attributes.Nanoseconds };
        }
    }

    private static string PathOf(Inode directory)
    {
        var names = new Stack<string>();
        for (; directory.Name.Length > 0; directory = directory.Parent)
            names.Push(directory.Name);

        return string.Concat(names.Select(name => $"/{name}"));
    }
}
