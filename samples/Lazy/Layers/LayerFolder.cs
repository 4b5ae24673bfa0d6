using System.Runtime.InteropServices;
using System.Text.Json;
using Containerd.Snapshots;

namespace Samples.Lazy.Layers;

/// <summary>
/// The files of layers, ROOT/layers/NAME.*, with NAME = ALGORITHM-HEX: the image (.erofs), the record (.json), and an image that
/// is being written (.part) or filled (.lazy). Several processes may use it at the same time.
/// </summary>
internal sealed partial class LayerFolder
{
    private const string Image = ".erofs", Record = ".json", Part = ".part", Lazy = ".lazy";
    private const int ReadOnlyDirectory = 0x10000 /* O_DIRECTORY */ | 0x80000 /* O_CLOEXEC */;

    private readonly Lock _writing = new();

    public LayerFolder(string root)
    {
        Directory = System.IO.Path.Combine(root, "layers");
        System.IO.Directory.CreateDirectory(Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Sync(root);
    }

    public string Directory { get; }

    /// <summary>A layer's name in paths.</summary>
    public static string NameOf(SnapshotDigest layer) => $"{layer.Algorithm}-{layer.Hex}";

    public string ImageOf(SnapshotDigest layer) => Path(layer, Image);

    /// <summary>The image of a layer that is, or was, lazy.</summary>
    public string LazyImageOf(SnapshotDigest layer) => Path(layer, Lazy);

    public bool IsComplete(SnapshotDigest layer) => File.Exists(ImageOf(layer));

    /// <summary>Begins an image. The lock on it lasts until it is closed.</summary>
    /// <exception cref="IOException">Another process writes it.</exception>
    public FileStream Begin(SnapshotDigest layer) => Begin(Path(layer, Part));

    /// <summary>Begins the image of a lazy layer.</summary>
    public FileStream BeginLazy(SnapshotDigest layer) => Begin(LazyImageOf(layer));

    /// <summary>Makes the image that was written the layer's. When this returns, both survive a power cut.</summary>
    public void Complete(SnapshotDigest layer, LayerRecord record)
    {
        // First the record: an image without one would serve images that it does not fit.
        Write(layer, record, FileOptions.WriteThrough);
        File.Move(Path(layer, Part), ImageOf(layer), overwrite: true);
        Sync(Directory);
    }

    /// <summary>
    /// Makes a lazy image that is full, and durable, the layer's. It keeps its first name, too: the kernel may go on to read it
    /// through that one.
    /// </summary>
    public void CompleteLazy(SnapshotDigest layer, LayerRecord record)
    {
        Write(layer, record, FileOptions.WriteThrough);
        if (!IsComplete(layer) && Link(LazyImageOf(layer), ImageOf(layer)) != 0)
            throw new IOException($"cannot link \"{ImageOf(layer)}\": {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());

        Sync(Directory);
    }

    /// <summary>Removes what is only needed while a layer is lazy.</summary>
    public void RemoveLazy(SnapshotDigest layer)
    {
        foreach (var path in System.IO.Directory.EnumerateFiles(Directory, NameOf(layer) + Lazy + "*"))
            File.Delete(path);
    }

    /// <summary>Removes what was written of an image, unless another process writes it.</summary>
    public void Discard(SnapshotDigest layer)
    {
        try
        {
            using (new FileStream(Path(layer, Part), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                File.Delete(Path(layer, Part));
        }
        catch (IOException)
        {
            // It does not exist, or is another process's.
        }
    }

    /// <summary>The record of a layer; null if there is none, or none that can be read.</summary>
    public LayerRecord? Read(SnapshotDigest layer) => Read(Path(layer, Record));

    /// <summary>Replaces the record of a layer.</summary>
    public void Write(SnapshotDigest layer, LayerRecord record) => Write(layer, record, FileOptions.None);

    /// <summary>The records of all layers.</summary>
    public IEnumerable<LayerRecord> ReadAll() =>
        System.IO.Directory.EnumerateFiles(Directory, "*" + Record).Select(Read).OfType<LayerRecord>().OrderBy(each => each.Time);

    /// <summary>The layers of which anything is on the disk.</summary>
    public IEnumerable<SnapshotDigest> List() => System.IO.Directory.EnumerateFiles(Directory)
        .Select(path => System.IO.Path.GetFileName(path).Split('.')[0].Replace('-', ':'))
        .Distinct()
        .Select(name => SnapshotDigest.TryParse(name, out var layer) ? layer : null)
        .OfType<SnapshotDigest>()
        .ToList();

    /// <summary>Removes a layer's files.</summary>
    public void Remove(SnapshotDigest layer)
    {
        File.Delete(ImageOf(layer));
        File.Delete(Path(layer, Record));
        Discard(layer);
        RemoveLazy(layer);
    }

    /// <summary>Waits until the names in a directory are on the disk.</summary>
    public static void Sync(string directory)
    {
        var file = Open(directory, ReadOnlyDirectory);
        var isSynced = file >= 0 && Sync(file) == 0;
        var error = Marshal.GetLastPInvokeError();
        if (file >= 0)
            _ = Close(file);

        if (!isSynced)
            throw new IOException($"cannot sync the directory \"{directory}\": {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    private void Write(SnapshotDigest layer, LayerRecord record, FileOptions options)
    {
        var path = Path(layer, Record);
        var written = $"{path}.{Environment.ProcessId}{Part}";
        lock (_writing)
        {
            try
            {
                using (var file = new FileStream(written, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0, Options = options }))
                    file.Write(JsonSerializer.SerializeToUtf8Bytes(record, LayerJson.Default.LayerRecord));

                File.Move(written, path, overwrite: true);
            }
            catch (IOException)
            {
                File.Delete(written); // The disk is full.
                throw;
            }
        }
    }

    private static FileStream Begin(string path) => new(
        path,
        new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });

    private static LayerRecord? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), LayerJson.Default.LayerRecord);
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return null;
        }
    }

    private string Path(SnapshotDigest layer, string kind) => System.IO.Path.Combine(Directory, NameOf(layer) + kind);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string path, string name);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
