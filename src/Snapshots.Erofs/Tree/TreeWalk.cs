using System.Text;

namespace Containerd.Snapshots.Erofs.Tree;

/// <summary>Finds files by their paths.</summary>
/// <param name="root">Where the paths begin.</param>
/// <param name="imply">Makes a directory that is missing.</param>
internal sealed class TreeWalk(Inode root, Func<Inode, string, Inode> imply)
{
    private readonly LinkResolver _links = new(root);

    /// <summary>Returns the directory at a clean path, made where it is missing; links on the path are followed.</summary>
    /// <exception cref="InvalidDataException">Something on the path is no directory, or its links lead nowhere.</exception>
    public Inode DirectoryAt(ReadOnlySpan<byte> path, out bool hasLinks)
    {
        hasLinks = false;
        if (PlainDirectoryAt(path) is { } directory)
            return directory;

        hasLinks = true;
        return PlainDirectoryAt(Encoding.Latin1.GetBytes(_links.Resolve(Encoding.Latin1.GetString(path)))) ?? throw NoDirectory(path, path);
    }

    /// <summary>Returns the file at a path, or null; links to its directory are followed, but the file itself is not.</summary>
    /// <param name="path">The path, which need not be clean.</param>
    /// <exception cref="InvalidDataException">Something on the path is no directory, or its links lead nowhere.</exception>
    public Inode? Find(ReadOnlySpan<byte> path)
    {
        if (path.Length > LayerPath.MaxLength)
            throw new InvalidDataException($"the path \"{LayerPath.Show(path)}\" is longer than {LayerPath.MaxLength} bytes");

        var text = Encoding.Latin1.GetString(path);
        var name = text.LastIndexOf('/') + 1;
        return Look($"{_links.Resolve(text[..name])}/{text[name..]}");
    }

    /// <summary>Returns the file that a path leads to, links at its end included, or null.</summary>
    /// <exception cref="InvalidDataException">Something on the path is no directory, or its links lead nowhere.</exception>
    public Inode? FindTarget(string path) => Look(_links.Resolve(path));

    private Inode? Look(string path)
    {
        var found = root;
        foreach (var name in LayerPath.Clean(path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (found.Files is null || !found.Files.TryGetValue(name, out found))
                return null;
        }

        return found;
    }

    // Null if there is a link on the path.
    private Inode? PlainDirectoryAt(ReadOnlySpan<byte> path)
    {
        var directory = root;
        foreach (var range in path.Split((byte)'/'))
        {
            if (path[range] is not { Length: > 0 } name)
                continue;

            var next = FileIn(directory, name) ?? imply(directory, Encoding.Latin1.GetString(name));
            if (next.Type == FileType.SymbolicLink)
                return null;
            if (next.Type != FileType.Directory)
                throw NoDirectory(name, path);

            directory = next;
        }

        return directory;
    }

    private static Inode? FileIn(Inode directory, ReadOnlySpan<byte> name)
    {
        LayerPath.CheckName(name);
        Span<char> text = stackalloc char[LayerPath.MaxName];
        text = text[..Encoding.Latin1.GetChars(name, text)];
        return directory.Files!.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var file) ? file : null;
    }

    private static InvalidDataException NoDirectory(ReadOnlySpan<byte> name, ReadOnlySpan<byte> path) =>
        new($"\"{LayerPath.Show(name)}\" in the path \"{LayerPath.Show(path)}\" is not a directory");
}
