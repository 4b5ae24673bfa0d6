using System.Text;

namespace Containerd.Snapshots.Erofs.Tree;

/// <summary>
/// The files of a layer by path. As when containerd unpacks a layer, symbolic links on the way to a file are followed within
/// the layer, and missing directories are made.
/// </summary>
internal sealed class FileTree
{
    // What a file takes in .NET's heap, and a directory more than that; measured, rounded up.
    private const int FileMemory = 320, DirectoryMemory = 320;

    private readonly TreeWalk _walk;
    private readonly DirectoryTimes _times = new();
    private int _order;

    // Most files are in the directory of the file before them.
    private readonly byte[] _lastPath = new byte[LayerPath.MaxLength];
    private int _lastLength;
    private Inode _last;
    private bool _lastHasLinks, _lastIsValid;

    public FileTree()
    {
        Root = Directory(Implied);
        (Root.Parent, Root.Names) = (Top, 1);
        Top.Files!.Add("fs", Root);
        _last = Root;
        _walk = new(Root, Imply);
    }

    /// <summary>The root of the image, above the layer's.</summary>
    public Inode Top { get; } = new(FileType.Directory, Implied) { Names = 1 };

    /// <summary>The directory that the paths begin at.</summary>
    public Inode Root { get; }

    /// <summary>How many files there are, the root included.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>About how many bytes of memory the tree takes, with what was replaced.</summary>
    public long Memory { get; private set; }

    // As containerd makes them.
    private static ErofsAttributes Implied => new(0x1ED, 0, 0, 0);

    /// <summary>Gives a path to a file, in place of what has it.</summary>
    /// <exception cref="InvalidDataException">The path cannot be a file's.</exception>
    public void Put(ReadOnlySpan<byte> path, Inode file)
    {
        Span<byte> buffer = stackalloc byte[LayerPath.MaxLength];
        var (directory, name) = Split(LayerPath.Clean(path, buffer));
        Remove(directory, name);
        Add(directory, name, file);
    }

    /// <summary>Gives a directory its attributes, and makes it if the path is no directory's.</summary>
    /// <exception cref="InvalidDataException">The path cannot be a directory's.</exception>
    public void PutDirectory(ReadOnlySpan<byte> path, ErofsAttributes attributes)
    {
        Span<byte> buffer = stackalloc byte[LayerPath.MaxLength];
        var clean = LayerPath.Clean(path, buffer);
        var (directory, name) = Split(clean);
        if (directory.Files!.TryGetValue(name, out var file) && file.Type == FileType.Directory)
        {
            if (_lastHasLinks)
                Memory += _times.AddPlain(file);

            file.Change(attributes);
            file.IsImplied = false;
        }
        else
        {
            Remove(directory, name);
            file = Directory(attributes);
            Add(directory, name, file);
        }

        (file.Order, file.IsOrderedByLinks) = (++_order, _lastHasLinks);
        if (_lastHasLinks)
            Memory += _times.Add(file, Encoding.Latin1.GetString(clean));
    }

    /// <summary>Gives a file one more name, in place of what has it, and returns the file.</summary>
    /// <exception cref="InvalidDataException">There is no file at the target then, or it is a directory.</exception>
    public Inode PutLink(ReadOnlySpan<byte> path, ReadOnlySpan<byte> target)
    {
        Span<byte> buffer = stackalloc byte[LayerPath.MaxLength];
        var (directory, name) = Split(LayerPath.Clean(path, buffer));
        Remove(directory, name);
        var file = _walk.Find(target)
            ?? throw new InvalidDataException($"the hard link \"{LayerPath.Show(path)}\" leads to \"{LayerPath.Show(target)}\", which does not exist");
        if (file.Type == FileType.Directory)
            throw new InvalidDataException($"the hard link \"{LayerPath.Show(path)}\" leads to \"{LayerPath.Show(target)}\", a directory");

        Add(directory, name, file);
        return file;
    }

    /// <summary>Gives a path to a file that hides one of the layers below.</summary>
    /// <exception cref="InvalidDataException">The path is that of a file in this layer.</exception>
    public void PutWhiteout(ReadOnlySpan<byte> path, Inode file)
    {
        Span<byte> buffer = stackalloc byte[LayerPath.MaxLength];
        var (directory, name) = Split(LayerPath.Clean(path, buffer));
        if (!directory.Files!.ContainsKey(name))
            Add(directory, name, file);
        else
            throw new InvalidDataException($"the layer removes \"{LayerPath.Show(path)}\", which is in the layer itself");
    }

    /// <summary>Removes what is at a path, with all that is in it.</summary>
    /// <exception cref="InvalidDataException">The path cannot be a file's.</exception>
    public void Remove(ReadOnlySpan<byte> path)
    {
        Span<byte> buffer = stackalloc byte[LayerPath.MaxLength];
        var (directory, name) = Split(LayerPath.Clean(path, buffer));
        Remove(directory, name);
    }

    /// <summary>Returns the directory at a path, made where it is missing.</summary>
    /// <exception cref="InvalidDataException">Something on the path is no directory, or its links lead nowhere.</exception>
    public Inode DirectoryAt(ReadOnlySpan<byte> path)
    {
        Span<byte> buffer = stackalloc byte[LayerPath.MaxLength];
        return CleanDirectoryAt(LayerPath.Clean(path, buffer));
    }

    /// <summary>Ends the tree, as containerd ends its unpacking: directories that entries describe must be there.</summary>
    /// <exception cref="InvalidDataException">One that was replaced has nothing in its place.</exception>
    public void Complete() => _times.Apply(_walk);

    /// <summary>The directories that no entry of the layer describes, with their paths.</summary>
    public IEnumerable<(string Path, Inode Directory)> ImpliedDirectories()
    {
        var rest = new Stack<(string Path, Inode Directory)>([("", Root)]);
        while (rest.TryPop(out var each))
        {
            if (each.Directory.IsImplied)
                yield return (Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(each.Path)), each.Directory);

            foreach (var (name, file) in each.Directory.Files!.Where(file => file.Value.Type == FileType.Directory))
                rest.Push((each.Path.Length == 0 ? name : $"{each.Path}/{name}", file));
        }
    }

    /// <summary>Counts more memory that belongs to a file.</summary>
    public void Take(long bytes) => Memory += bytes;

    private Inode CleanDirectoryAt(ReadOnlySpan<byte> path)
    {
        if (_lastIsValid && path.SequenceEqual(_lastPath.AsSpan(0, _lastLength)))
            return _last;

        var directory = _walk.DirectoryAt(path, out _lastHasLinks);
        path.CopyTo(_lastPath);
        (_last, _lastLength, _lastIsValid) = (directory, path.Length, true);
        return directory;
    }

    private Inode Imply(Inode directory, string name)
    {
        var implied = Directory(Implied);
        implied.IsImplied = true;
        Add(directory, name, implied);
        return implied;
    }

    private (Inode Directory, string Name) Split(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty)
            throw new InvalidDataException("the path of a file is the root's");

        var (length, start) = LayerPath.Split(path);
        LayerPath.CheckName(path[start..]);
        return (CleanDirectoryAt(path[..length]), Encoding.Latin1.GetString(path[start..]));
    }

    private void Add(Inode directory, string name, Inode file)
    {
        directory.Files!.Add(name, file);
        if (file.Type == FileType.Directory)
            (file.Parent, file.Name) = (directory, name);
        if (file.Names++ == 0)
            Count++;

        Memory += FileMemory + (2 * name.Length) + (file.Files is null ? 0 : DirectoryMemory);
    }

    private void Remove(Inode directory, string name)
    {
        if (!directory.Files!.Remove(name, out var file))
            return;

        _lastIsValid = false; // It may have been below.
        if (file.Type == FileType.Directory)
            Memory += _times.AddRemoved(file);
        if (--file.Names == 0)
            Forget(file);
    }

    private void Forget(Inode removed)
    {
        var rest = new Stack<Inode>([removed]);
        while (rest.TryPop(out var file))
        {
            Count--;
            foreach (var below in file.Files?.Values ?? Enumerable.Empty<Inode>())
            {
                if (--below.Names == 0)
                    rest.Push(below);
            }
        }
    }

    private static Inode Directory(ErofsAttributes attributes) => new(FileType.Directory, attributes);
}
