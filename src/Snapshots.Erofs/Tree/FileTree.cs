using System.Text;

namespace Containerd.Snapshots.Erofs.Tree;

/// <summary>
/// The files of a layer by path. As when containerd unpacks a layer, symbolic links on the way to a file are followed within
/// the layer, and missing directories are made.
/// </summary>
internal sealed class FileTree
{
    private const int MaxName = 255, MaxPath = 4096, MaxLinks = 255;

    private readonly Dictionary<Inode, string> _implied = [];

    /// <summary>The root of the image, above the layer's.</summary>
    public Inode Top { get; } = new(FileType.Directory, Implied) { Names = 1 };

    /// <summary>The directory that the paths begin at.</summary>
    public Inode Root { get; }

    /// <summary>How many files there are, the root included.</summary>
    public int Count { get; private set; } = 1;

    public FileTree()
    {
        Root = new(FileType.Directory, Implied) { Parent = Top, Names = 1 };
        Top.Files!.Add("fs", Root);
    }

    /// <summary>The directories that no entry of the layer describes, with their paths.</summary>
    public IReadOnlyDictionary<Inode, string> ImpliedDirectories => _implied;

    // As containerd makes them.
    private static ErofsAttributes Implied => new(0x1ED, 0, 0, 0);

    /// <summary>Gives a path to a file, in place of what has it.</summary>
    /// <exception cref="InvalidDataException">The path cannot be a file's.</exception>
    public void Put(ReadOnlySpan<byte> path, Func<Inode, Inode> make)
    {
        var (directory, name) = Split(path);
        Remove(directory, name);
        Add(directory, name, make(directory));
    }

    /// <summary>Gives a directory its attributes, and makes it if the path is no directory's.</summary>
    /// <exception cref="InvalidDataException">The path cannot be a directory's.</exception>
    public void PutDirectory(ReadOnlySpan<byte> path, ErofsAttributes attributes)
    {
        var (directory, name) = Split(path);
        if (directory.Files!.TryGetValue(name, out var earlier) && earlier.Type == FileType.Directory)
        {
            earlier.Change(attributes);
            _implied.Remove(earlier);
            return;
        }

        Remove(directory, name);
        Add(directory, name, new(FileType.Directory, attributes) { Parent = directory });
    }

    /// <summary>Gives a file one more name, and returns it.</summary>
    /// <exception cref="InvalidDataException">There is no file at the target, or it is a directory.</exception>
    public Inode PutLink(ReadOnlySpan<byte> path, ReadOnlySpan<byte> target)
    {
        var (directory, name) = Split(path);
        var (targetDirectory, targetName) = Split(target);
        if (!targetDirectory.Files!.TryGetValue(targetName, out var file))
            throw new InvalidDataException($"the hard link \"{Show(path)}\" leads to \"{Show(target)}\", which does not exist");
        if (file.Type == FileType.Directory)
            throw new InvalidDataException($"the hard link \"{Show(path)}\" leads to \"{Show(target)}\", a directory");
        if (directory.Files!.TryGetValue(name, out var earlier) && earlier == file)
            return file;

        Remove(directory, name);
        Add(directory, name, file);
        return file;
    }

    /// <summary>Returns the directory at a path, made where it is missing.</summary>
    /// <exception cref="InvalidDataException">Something on the path is no directory, or its links lead nowhere.</exception>
    public Inode DirectoryAt(ReadOnlySpan<byte> path)
    {
        var rest = new Stack<string>();
        Push(rest, TextOf(path));
        var directory = Root;
        for (var (links, steps) = (0, 0); rest.TryPop(out var name);)
        {
            if (++steps > MaxPath)
                throw new InvalidDataException($"the links in the path \"{Show(path)}\" lead too far");

            if (name == "..")
            {
                directory = directory == Root ? Root : directory.Parent;
                continue;
            }

            var next = directory.Files!.GetValueOrDefault(name) ?? Imply(directory, name);
            switch (next.Type)
            {
                case FileType.Directory:
                    directory = next;
                    break;
                case FileType.SymbolicLink when ++links <= MaxLinks:
                    if (next.Target is [(byte)'/', ..])
                        directory = Root;

                    Push(rest, TextOf(next.Target));
                    break;
                case FileType.SymbolicLink:
                    throw new InvalidDataException($"the path \"{Show(path)}\" has too many links");
                default:
                    throw new InvalidDataException($"\"{name}\" in the path \"{Show(path)}\" is not a directory");
            }
        }

        return directory;
    }

    /// <summary>The names of a path, which is cleaned by its text alone, as containerd does; empty for the root.</summary>
    /// <exception cref="InvalidDataException">The path is too long.</exception>
    public static List<string> Clean(ReadOnlySpan<byte> path)
    {
        if (path.Length > MaxPath || path.Contains((byte)0))
            throw new InvalidDataException($"the path \"{Show(path)}\" is too long, or has a zero in it");

        var names = new List<string>();
        foreach (var name in TextOf(path).Split('/'))
        {
            if (name is "" or ".")
                continue;
            if (name != "..")
                names.Add(name);
            else if (names.Count > 0)
                names.RemoveAt(names.Count - 1);
        }

        return names;
    }

    /// <summary>The path of some names.</summary>
    public static byte[] Join(IEnumerable<string> names) => Encoding.Latin1.GetBytes(string.Join('/', names));

    // The names of a path, the first one on top. A path with ".." is cleaned before; a link's target is not.
    private static void Push(Stack<string> rest, string path)
    {
        var names = path.Split('/');
        for (var i = names.Length - 1; i >= 0; i--)
        {
            if (names[i] is not ("" or "."))
                rest.Push(names[i]);
        }
    }

    private Inode Imply(Inode directory, string name)
    {
        CheckName(name);
        var implied = new Inode(FileType.Directory, Implied) { Parent = directory };
        Add(directory, name, implied);
        _implied[implied] = name;
        return implied;
    }

    private void Add(Inode directory, string name, Inode file)
    {
        directory.Files!.Add(name, file);
        if (file.Names++ == 0)
            Count++;
    }

    private void Remove(Inode directory, string name)
    {
        if (directory.Files!.Remove(name, out var file) && --file.Names == 0)
            Forget(file);
    }

    private void Forget(Inode removed)
    {
        var rest = new Stack<Inode>([removed]);
        while (rest.TryPop(out var file))
        {
            Count--;
            _implied.Remove(file);
            foreach (var below in file.Files?.Values ?? Enumerable.Empty<Inode>())
            {
                if (--below.Names == 0)
                    rest.Push(below);
            }
        }
    }

    private (Inode Directory, string Name) Split(ReadOnlySpan<byte> path)
    {
        var names = Clean(path);
        if (names is [])
            throw new InvalidDataException($"the path \"{Show(path)}\" is the root");

        var name = names[^1];
        CheckName(name);
        return (DirectoryAt(Join(names.SkipLast(1))), name);
    }

    private static void CheckName(string name)
    {
        if (name.Length > MaxName)
            throw new InvalidDataException($"the name \"{name[..40]}...\" has {name.Length} bytes, and Linux allows {MaxName}");
    }

    private static string TextOf(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    private static string Show(ReadOnlySpan<byte> path) => Encoding.UTF8.GetString(path.Length > 200 ? path[..200] : path);
}
