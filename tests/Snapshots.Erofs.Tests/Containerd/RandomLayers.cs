using Containerd.Snapshots.Tests.Erofs.Fixtures;

namespace Containerd.Snapshots.Tests.Erofs.Containerd;

/// <summary>Layers of a few names, whose files replace each other and whose links lead everywhere.</summary>
internal static class RandomLayers
{
    private static readonly string[] Names = ["a", "b", "c"];

    /// <summary>Makes a layer, the same for the same seed.</summary>
    public static byte[] Make(int seed)
    {
        var random = new Random(seed);
        var archive = new TarBuilder();
        for (var count = random.Next(3, 14); count > 0; count--)
            Add(archive, random);

        return archive.ToArray();
    }

    private static void Add(TarBuilder archive, Random random)
    {
        var path = Path(random, random.Next(1, 4), Names);
        var time = random.Next(1, 1_000_000_000);
        switch (random.Next(20))
        {
            case < 5:
                archive.Folder(path, mode: random.Next(8) << 6, time: time);
                break;
            case < 10:
                archive.File(path, $"{random.Next()}", time: time);
                break;
            case < 16:
                archive.Link(path, $"{(random.Next(3) == 0 ? "/" : "")}{Path(random, random.Next(1, 4), [.. Names, "..", ".."])}");
                break;
            case < 18:
                archive.HardLink(path, Path(random, random.Next(1, 4), [.. Names, .. Names, ".."]));
                break;
            case 18:
                archive.File(path.Insert(path.LastIndexOf('/') + 1, ".wh."));
                break;
            default:
                archive.File($"{path}/.wh..wh..opq");
                break;
        }
    }

    private static string Path(Random random, int length, string[] names) => string.Join('/', Enumerable.Range(0, length).Select(_ => names[random.Next(names.Length)]));
}
