using System.Text;

namespace Containerd.Snapshots.Erofs.Tree;

/// <summary>
/// Follows the symbolic links on the way to a directory as containerd's unpacking does (<c>fs.RootPath</c>): in passes over the
/// text of the path, until no link is left. Thus <c>..</c> in a link's target takes back a name of the text, and a missing
/// directory is no error.
/// </summary>
internal sealed class LinkResolver(Inode root)
{
    private const int MaxLinks = 255, MaxKernelLinks = 40;

    // A layer's links may not keep a processor busy for hours.
    private const long MaxSteps = 100_000_000;

    private long _steps;

    /// <summary>Returns the clean path of a directory, without links.</summary>
    /// <param name="path">The path, each byte a character; it need not be clean.</param>
    /// <exception cref="InvalidDataException">There are too many links, or one leads through a file that is no directory.</exception>
    public string Resolve(string path)
    {
        for (var links = 0; ;)
        {
            var before = links;
            path = FollowOnce(path, ref links);
            if (links > before)
                continue;

            var clean = LayerPath.Clean(path);
            if (path == $"/{clean}")
                return clean;

            path = $"/{clean}";
        }
    }

    // Replaces the links of a path by their targets, whose own links are left for the next pass.
    private string FollowOnce(string path, ref int links)
    {
        var current = "/";
        var isFirstOfRelative = path is not ['/', ..];
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (links > MaxLinks)
                throw new InvalidDataException($"the path \"{Show(path)}\" leads through more than {MaxLinks} symbolic links");

            var next = $"/{LayerPath.Clean($"{current}/{name}")}";
            if (LookAt(next) is { Type: FileType.SymbolicLink } link)
            {
                links++;
                var target = Encoding.Latin1.GetString(link.Target);
                current = target is ['/', ..] || isFirstOfRelative ? target : $"/{LayerPath.Clean($"{current}/{target}")}";
            }
            else
            {
                current = next;
            }

            isFirstOfRelative = false;
        }

        return current;
    }

    // The file that the kernel finds at a path. Links that lead out of the layer find nothing.
    private Inode? LookAt(string path)
    {
        var rest = new Stack<string>();
        Push(rest, path);
        var (found, links) = (root, 0);
        while (rest.TryPop(out var name))
        {
            if (++_steps > MaxSteps)
                throw new InvalidDataException("the symbolic links of the layer lead too far");
            if (found.Type != FileType.Directory)
                throw new InvalidDataException($"a file on the way to \"{Show(path)}\" is not a directory");

            if (name == "..")
            {
                if (found == root)
                    return null;

                found = found.Parent;
                continue;
            }

            if (!found.Files!.TryGetValue(name, out var next))
                return null;

            if (next.Type != FileType.SymbolicLink || rest.Count == 0)
            {
                found = next;
                continue;
            }

            if (next.Target is [(byte)'/', ..])
                return null;
            if (++links > MaxKernelLinks)
                throw new InvalidDataException($"the path \"{Show(path)}\" leads through more than {MaxKernelLinks} symbolic links at once");

            Push(rest, Encoding.Latin1.GetString(next.Target));
        }

        return found;
    }

    // The names of a path, the first one on top.
    private static void Push(Stack<string> rest, string path)
    {
        var names = path.Split('/');
        for (var i = names.Length - 1; i >= 0; i--)
        {
            if (names[i] is not ("" or "."))
                rest.Push(names[i]);
        }
    }

    private static string Show(string path) => LayerPath.Show(Encoding.Latin1.GetBytes(path));
}
