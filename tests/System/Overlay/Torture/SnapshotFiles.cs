using System.Globalization;
using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Wire;

namespace Containerd.Snapshots.Tests.Overlay.Torture;

/// <summary>
/// The files of snapshots, where a sample keeps them. Each snapshot that a client has written to has a mark, a file that is
/// named after its number.
/// </summary>
/// <param name="copies">The value of <see cref="AreCopied"/>.</param>
internal abstract class SnapshotFiles(bool copies)
{
    private const string Prefix = "mark-";

    /// <summary>Whether a snapshot begins as a copy of its parent, which a program makes.</summary>
    public bool AreCopied => copies;

    public static SnapshotFiles Of(PublishedSample sample) =>
        sample == PublishedSample.Blockfile ? new ImageFiles() : new DirectoryFiles(copies: sample == PublishedSample.Reflink);

    /// <summary>The name of a snapshot's mark; that of the share's layer has the number 0.</summary>
    public static string MarkOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number}");

    /// <summary>Writes files and the mark into an active snapshot, and returns its number.</summary>
    public abstract Task<long> WriteAsync(Mount mount, Random random);

    /// <summary>Asserts that each snapshot has its own mark, those of its parents if it is a copy, and no other.</summary>
    public async Task AssertMarksAsync(
        RootDirectory root, IReadOnlyList<Info> infos, IReadOnlyDictionary<string, long> numbers, IReadOnlySet<long> marked)
    {
        var parents = infos.ToDictionary(info => info.Name, info => info.Parent);
        var found = await MarksAsync(root);
        Assert.Multiple(() =>
        {
            foreach (var info in infos.Where(info => info.Kind != Kind.View))
                Assert.That(found.GetValueOrDefault(numbers[info.Name], []), Is.EquivalentTo(Expected(info)), info.Name);
        });

        IEnumerable<string> Expected(Info info)
        {
            if (info.Labels.ContainsKey(SharedLayer.Target))
                return [MarkOf(0)];

            return Family(info.Name).Select(name => numbers[name]).Where(marked.Contains).Select(MarkOf);
        }

        IEnumerable<string> Family(string name)
        {
            yield return name;
            for (var parent = parents[name]; AreCopied && parent.Length > 0; parent = parents[parent])
                yield return parent;
        }
    }

    /// <summary>The marks of all snapshots, by number.</summary>
    protected abstract Task<IReadOnlyDictionary<long, IReadOnlyList<string>>> MarksAsync(RootDirectory root);

    protected static bool IsMark(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);
}

/// <summary>Files in directories.</summary>
internal sealed class DirectoryFiles(bool copies) : SnapshotFiles(copies)
{
    public override async Task<long> WriteAsync(Mount mount, Random random)
    {
        var directory = ((Mount[])[mount]).Writable();
        var folder = Directory.CreateDirectory(Path.Combine(directory, "a", "b")).FullName;
        for (var i = random.Next(4); i > 0; i--)
            await File.WriteAllBytesAsync(Path.Combine(folder, $"file-{i}"), new byte[random.Next(20_000)]);

        var number = long.Parse(Path.GetFileName(Path.GetDirectoryName(directory))!, CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(Path.Combine(directory, MarkOf(number)), $"{number}");
        return number;
    }

    protected override Task<IReadOnlyDictionary<long, IReadOnlyList<string>>> MarksAsync(RootDirectory root) =>
        Task.FromResult<IReadOnlyDictionary<long, IReadOnlyList<string>>>(root.Numbers().ToDictionary(number => number, number => Marks(root.Content(number))));

    private static IReadOnlyList<string> Marks(string directory)
    {
        string[] marks = [.. Directory.EnumerateFiles(directory).Where(file => IsMark(Path.GetFileName(file)))];
        foreach (var mark in marks.Where(mark => Path.GetFileName(mark) != MarkOf(0)))
            Assert.That(MarkOf(long.Parse(File.ReadAllText(mark), CultureInfo.InvariantCulture)), Is.EqualTo(Path.GetFileName(mark)));

        return [.. marks.Select(mark => Path.GetFileName(mark))];
    }
}

/// <summary>Files in images, which are written and read without mounting them.</summary>
internal sealed class ImageFiles() : SnapshotFiles(copies: true)
{
    // Each image is checked as well: the copy of a parent is whole.
    private const string Look = """
        cd "$1"
        shopt -s nullglob
        for image in *; do
          echo "image $image"
          e2fsck -fn "$image" >/dev/null 2>&1 || echo "mark-of-a-damaged-file-system"
          debugfs -R 'ls -p /' "$image" 2>/dev/null | cut -d / -f 6
        done
        """;

    public override async Task<long> WriteAsync(Mount mount, Random random)
    {
        var number = long.Parse(Path.GetFileName(mount.Source), CultureInfo.InvariantCulture);
        var content = Path.Combine(Path.GetTempPath(), $"content-{Guid.NewGuid():N}");
        try
        {
            await File.WriteAllBytesAsync(content, new byte[random.Next(20_000)]);
            (await Command.RunAsync(["debugfs", "-w", "-R", $"write {content} {MarkOf(number)}", mount.Source])).AssertSucceeded();
        }
        finally
        {
            File.Delete(content);
        }

        return number;
    }

    protected override async Task<IReadOnlyDictionary<long, IReadOnlyList<string>>> MarksAsync(RootDirectory root)
    {
        const string Image = "image ";
        var marks = new Dictionary<long, List<string>>();
        var current = new List<string>();
        foreach (var line in (await Command.RunAsync(["bash", "-c", Look, "bash", root.Snapshots], limit: TimeSpan.FromMinutes(5))).AssertSucceeded().Lines)
        {
            if (line.StartsWith(Image, StringComparison.Ordinal))
                marks[long.Parse(line[Image.Length..], CultureInfo.InvariantCulture)] = current = [];
            else if (IsMark(line))
                current.Add(line);
        }

        return marks.ToDictionary(each => each.Key, each => (IReadOnlyList<string>)each.Value);
    }
}
