using Containerd.Snapshots.Tests.Disks;

namespace Containerd.Snapshots.Tests.Overlay.Failures;

/// <summary>Fills a disk.</summary>
internal abstract class Filler(MountedDisk disk)
{
    protected string Folder { get; } = disk.Folder("filler");

    /// <summary>Fills the disk, and leaves this many blocks or inodes free.</summary>
    public abstract void Leave(int count);

    /// <summary>Frees everything that was taken.</summary>
    public void Free()
    {
        foreach (var file in Directory.GetFiles(Folder))
            File.Delete(file);
    }
}

/// <summary>Takes the blocks of a disk.</summary>
internal sealed class BlockFiller(MountedDisk disk, int blockLength) : Filler(disk)
{
    // Halved until not even a block is left.
    private const int LongestWrite = 1 << 20;

    public override void Leave(int count)
    {
        using var file = File.OpenHandle(Path.Combine(Folder, "blocks"), FileMode.OpenOrCreate, FileAccess.ReadWrite);
        for (var length = LongestWrite; length >= blockLength;)
        {
            try
            {
                RandomAccess.Write(file, new byte[length], RandomAccess.GetLength(file));
                RandomAccess.FlushToDisk(file); // Only this allocates the blocks.
            }
            catch (IOException)
            {
                length /= 2;
            }
        }

        var blocks = RandomAccess.GetLength(file) / blockLength;
        RandomAccess.SetLength(file, Math.Max(0, blocks - count) * blockLength);
    }
}

/// <summary>Takes the inodes of a disk.</summary>
internal sealed class InodeFiller(MountedDisk disk) : Filler(disk)
{
    private readonly Stack<string> _files = [];

    public override void Leave(int count)
    {
        try
        {
            for (; ; )
            {
                var file = Path.Combine(Folder, $"{_files.Count}");
                using (File.Create(file))
                    _files.Push(file);
            }
        }
        catch (IOException)
        {
            for (; count > 0 && _files.TryPop(out var file); count--)
                File.Delete(file);
        }
    }
}
