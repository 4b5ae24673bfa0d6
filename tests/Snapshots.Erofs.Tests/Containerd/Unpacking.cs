using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Tests.Erofs.Fixtures;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Erofs.Containerd;

/// <summary>Unpacks layers with containerd's own code, and compares what it makes with the image of the same layer.</summary>
internal sealed class Unpacking : IDisposable
{
    public const string RefusedByBoth = "refused by both";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unpacking-");
    private string _program = "";

    /// <summary>A folder for files of the test.</summary>
    public string Folder => _folder.FullName;

    /// <summary>The directory that the layers below are in.</summary>
    public string Below => $"{Folder}/below";

    public static async Task<Unpacking> BeginAsync()
    {
        Tools.Require("go", "fsck.erofs", "getfattr");
        var unpacking = new Unpacking();
        Directory.CreateDirectory(unpacking.Below);
        unpacking._program = await GoProgram.BuildAsync("tests/Snapshots.Erofs.Tests/Containerd/unpack/main.go", unpacking.Folder);
        return unpacking;
    }

    /// <summary>Packs a folder as containerd's diff service does.</summary>
    public async Task<string> PackAsync(string folder, string name)
    {
        var layer = $"{Folder}/{name}";
        Assert.That(await AnswerAsync([$"pack {folder} {layer} {Below}"]), Is.EqualTo(new[] { "done" }));
        return layer;
    }

    /// <summary>
    /// Compares layers: null for each that is equal, <see cref="RefusedByBoth"/>, or how it differs.
    /// </summary>
    public async Task<IReadOnlyList<string?>> CompareAsync(IReadOnlyList<string> layers, ErofsLayerOptions? options = null)
    {
        var folders = layers.Select((_, i) => Directory.CreateDirectory($"{Folder}/unpacked-{Guid.NewGuid():N}/{i}").FullName).ToList();
        var start = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var answers = await AnswerAsync([.. layers.Select((layer, i) => $"unpack {layer} {folders[i]} {Below}")]);
        var differences = new string?[layers.Count];
        await Parallel.ForAsync(0, layers.Count, async (i, _) => differences[i] = await CompareAsync(layers[i], folders[i], answers[i], start, options));
        return differences;
    }

    // By a tool, since some names are no text. The long form has many files.
    public void Dispose() => Command.RunAsync(["rm", "-rf", Folder], limit: TimeSpan.FromMinutes(10)).GetAwaiter().GetResult();

    private async Task<string?> CompareAsync(string layer, string folder, string answer, long start, ErofsLayerOptions? options)
    {
        var path = $"{folder}.image";
        try
        {
            await using var image = File.Create(path);
            await using var stream = File.OpenRead(layer);
            await ErofsLayer.WriteAsync(stream, image, options);
        }
        catch (InvalidDataException exception)
        {
            return answer == "done" ? $"only the image is refused: {exception.Message}" : RefusedByBoth;
        }

        if (answer != "done")
            return $"only containerd refuses it: {answer}";

        var check = await Command.RunAsync(["fsck.erofs", path]);
        if (check.ExitCode != 0)
            return $"fsck.erofs: {check.Output}{check.Error}";

        using var mounted = MountedImage.Of(path);
        return Difference(await Tree.ShowAsync(folder), await Tree.ShowAsync(mounted.Path), start);
    }

    // Times at which containerd has unpacked are no part of the layer.
    private static string? Difference(string expected, string shown, long start)
    {
        var (first, second) = (expected.Split('\n'), shown.Split('\n'));
        for (var i = 0; i < Math.Max(first.Length, second.Length); i++)
        {
            var (theirs, ours) = (first.ElementAtOrDefault(i) ?? "(nothing)", second.ElementAtOrDefault(i) ?? "(nothing)");
            if (theirs == ours || (IsNow(theirs, start) && theirs[..theirs.LastIndexOf(' ')] == ours[..Math.Max(ours.LastIndexOf(' '), 0)]))
                continue;

            return $"containerd has \"{theirs}\", the image \"{ours}\"";
        }

        return null;
    }

    private static bool IsNow(string line, long start) =>
        line.LastIndexOf(' ') is > 0 and var space && line[(space + 1)..].Split('.') is [var seconds, _] && long.TryParse(seconds, out var time) && time >= start - 1;

    private async Task<string[]> AnswerAsync(IReadOnlyList<string> lines)
    {
        var input = $"{Folder}/{Guid.NewGuid():N}";
        await File.WriteAllLinesAsync(input, lines);
        var answered = await Command.RunAsync(["sh", "-c", $"umask 0; {_program} < {input}"], limit: Limit);
        return answered.AssertSucceeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
