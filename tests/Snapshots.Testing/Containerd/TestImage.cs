using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Containerd;

/// <summary>The image that eng/make-image.sh writes: three layers, the last of which changes and deletes files.</summary>
public static class TestImage
{
    public const string Name = "example.test/hello:1";

    /// <summary>The lines that its default command prints about its files.</summary>
    public static readonly string[] Files =
    [
        "/layers/1.txt: written by layer 1",
        "/layers/2.txt: written by layer 2",
        "/layers/3.txt: written by layer 3",
        "/layers/changed.txt: written by layer 2, changed by layer 3",
        "/layers/folder/new.txt: written by layer 3",
    ];

    /// <summary>Writes the image's archive and returns its path.</summary>
    public static async Task<string> WriteAsync(string folder)
    {
        var path = Path.Combine(folder, "image.tar");
        (await Command.RunAsync(["bash", Repository.PathOf("eng/make-image.sh"), path, Name])).AssertSucceeded();
        return path;
    }
}
