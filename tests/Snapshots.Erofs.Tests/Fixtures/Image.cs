using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Erofs.Fixtures;

/// <summary>An image that is being written to a file, which is deleted with it.</summary>
internal sealed class Image : IDisposable
{
    private readonly FileStream _file = new(System.IO.Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite);

    public Image(bool userNamespace = false) => Writer = new(userNamespace);

    public ErofsWriter Writer { get; }

    public string Path => _file.Name;

    /// <summary>Attributes that are the same wherever they do not matter.</summary>
    public static ErofsAttributes Usual(int mode = 0x1A4) => new(mode, 0, 0, 1_000_000_000);

    /// <summary>Adds a file with its content.</summary>
    public void Add(string path, ReadOnlySpan<byte> content, ErofsAttributes? attributes = null)
    {
        var offset = Writer.AddFile(Bytes(path), attributes ?? Usual(), content.Length);
        RandomAccess.Write(_file.SafeFileHandle, content, offset);
    }

    /// <summary>Finishes the image and checks it with the tool of the file system's authors.</summary>
    public async Task FinishAsync()
    {
        Tools.Require("fsck.erofs");
        Writer.Finish(_file);
        (await Command.RunAsync(["fsck.erofs", Path])).AssertSucceeded();
    }

    /// <summary>Finishes and mounts the image.</summary>
    public async Task<MountedImage> MountAsync()
    {
        await FinishAsync();
        return MountedImage.Of(Path);
    }

    public void Dispose()
    {
        _file.Dispose();
        File.Delete(Path);
    }

    public static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
