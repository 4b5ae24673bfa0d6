namespace Containerd.Snapshots.Erofs.Tree;

/// <summary>
/// The directories that other entries of the layer replaced. containerd sets the times of all directories at the end of its
/// unpacking, by their paths: what is there then gets the time, and if nothing is there, the layer is refused.
/// </summary>
internal sealed class ReplacedDirectories
{
    private const int Memory = 100;

    private readonly List<(string Path, ErofsAttributes Attributes)> _replaced = [];

    /// <summary>Adds a directory that has just been taken out of its parent, and those in it.</summary>
    /// <returns>About how many bytes of memory that takes.</returns>
    public long Add(Inode removed, string name)
    {
        var memory = 0L;
        var rest = new Stack<(Inode Directory, string Path)>([(removed, $"{PathOf(removed.Parent)}/{name}")]);
        while (rest.TryPop(out var each))
        {
            if (!each.Directory.IsImplied)
            {
                _replaced.Add((each.Path, each.Directory.Attributes));
                memory += Memory + (2 * each.Path.Length);
            }

            foreach (var (below, file) in each.Directory.Files!)
            {
                if (file.Type == FileType.Directory)
                    rest.Push((file, $"{each.Path}/{below}"));
            }
        }

        return memory;
    }

    /// <exception cref="InvalidDataException">Nothing is in the place of a directory.</exception>
    public void Apply(TreeWalk walk)
    {
        foreach (var (path, attributes) in _replaced)
        {
            var file = walk.FindTarget(path) ?? throw new InvalidDataException($"the layer has the directory \"{path}\", and later nothing in its place");

            // A directory with an entry of its own has its own time.
            if (file.Type != FileType.Directory || file.IsImplied)
                file.Attributes = file.Attributes with { ModifiedAt = attributes.ModifiedAt, Nanoseconds = attributes.Nanoseconds };
        }
    }

    private static string PathOf(Inode directory)
    {
        var names = new Stack<string>();
        for (; directory.Parent.Parent != directory.Parent; directory = directory.Parent)
            names.Push(directory.Parent.Files!.First(file => file.Value == directory).Key);

        return string.Concat(names.Select(name => $"/{name}"));
    }
}
