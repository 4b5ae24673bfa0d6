using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.NativeAot.Fixtures;

/// <summary>tests/System/NativeAot.App, published once for this run.</summary>
internal static class PublishedApp
{
    private static readonly Lazy<Task<(string Binary, CommandResult Publish)>> App = new(PublishAsync);

    /// <summary>The binary, and the output of publishing it.</summary>
    public static Task<(string Binary, CommandResult Publish)> Value => App.Value;

    private static async Task<(string Binary, CommandResult Publish)> PublishAsync()
    {
        var folder = Directory.CreateTempSubdirectory("aot-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        var publish = await PublishedSample.PublishAsync("tests/System/NativeAot.App", folder.FullName);
        return (Path.Combine(folder.FullName, "many-snapshotter"), publish);
    }
}
