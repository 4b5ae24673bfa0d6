using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Tests.Disks;
using Containerd.Snapshots.Tests.Erofs.Lazy;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Erofs.Fuse;

/// <summary>A layer that is served through FUSE and mounted as EROFS. Whatever happens, nothing stays mounted.</summary>
internal sealed class ServedLayer : IAsyncDisposable
{
    public const string Name = "layer";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fuse-");
    private readonly LazyImageOptions? _options;
    private readonly FuseKeeper _keeper;
    private readonly Task _keeping;

    private ServedLayer(TestLayer layer, LazyImageOptions? options)
    {
        (Layer, _options) = (layer, options);
        Directory.CreateDirectory(FuseDirectory);
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Expected);
        foreach (var (name, content) in layer.Files)
            File.WriteAllBytes($"{Expected}/{name}", content);

        _keeper = FuseKeeper.Listen(SocketPath);
        _keeping = Task.Run(() => _keeper.RunAsync());
    }

    public TestLayer Layer { get; }

    public LazyImageMount Mount { get; private set; } = null!;

    /// <summary>Where the lazy images are files.</summary>
    public string FuseDirectory => $"{_folder.FullName}/fuse";

    /// <summary>The files of the layer, read lazily.</summary>
    public string Files => $"{Root}/fs";

    /// <summary>The files as they should be.</summary>
    public string Expected => $"{_folder.FullName}/expected";

    public string SocketPath => $"{_folder.FullName}/keeper.sock";

    private string Root => $"{_folder.FullName}/root";

    /// <summary>Serves and mounts a layer.</summary>
    public static async Task<ServedLayer> StartAsync(int[] sizes, LazyImageOptions? options = null, int chunkLength = 64 << 10)
    {
        RequireFuse();
        var served = new ServedLayer(TestLayer.Create(sizes, chunkLength, options), options);
        try
        {
            served.Mount = LazyImageMount.Mount(served.FuseDirectory);
            served.Mount.Add(Name, served.Layer.Image);
            served.Mount.Start();
            FuseKeeper.Keep(served.SocketPath, served.Mount.Device, await Eventually.Within(served.Mount.GetStateAsync()));
            ErofsMount.Mount(served.Mount.PathOf(Name), served.Root);
            return served;
        }
        catch
        {
            await served.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the server in the middle of whatever it does. What it has not answered stays so.</summary>
    public async Task StopAsync()
    {
        await Mount.DisposeAsync();
        await Layer.CloseAsync();
    }

    /// <summary>Begins a new server, as after a restart.</summary>
    public void Resume()
    {
        var kept = FuseKeeper.Take(SocketPath)!;
        Layer.Open(_options);
        Mount = LazyImageMount.Resume(FuseDirectory, kept.Device, kept.State);
        Mount.Add(Name, Layer.Image);
        Mount.Start();
    }

    /// <summary>Compares all files, as another process sees them.</summary>
    public async Task AssertEqualAsync() => (await CompareAsync()).AssertSucceeded();

    public Task<CommandResult> CompareAsync() => Command.RunAsync(["diff", "-r", Expected, Files]);

    /// <summary>Lets the kernel forget what it has of the files.</summary>
    public static void DropCaches() => File.WriteAllText("/proc/sys/vm/drop_caches", "3");

    public async ValueTask DisposeAsync()
    {
        Kernel.Unmount(Root);
        Abort();
        if (Mount is not null)
            await Mount.DisposeAsync();
        FuseKeeper.End(SocketPath);
        await Eventually.Within(_keeping);
        _keeper.Dispose();
        await Layer.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    // Nothing may wait for a server that is gone: it would hold up whatever syncs the machine's file systems.
    private void Abort()
    {
        try
        {
            LazyImageMount.Abort(FuseDirectory);
        }
        catch (IOException)
        {
            // Not mounted.
        }
    }

    private static void RequireFuse()
    {
        if (!File.Exists("/dev/fuse"))
            Assert.Ignore("the kernel has no FUSE");
        if (ErofsFeatures.Detect(Path.GetTempPath()).FileError is { } error)
            Assert.Ignore(error);
    }
}
