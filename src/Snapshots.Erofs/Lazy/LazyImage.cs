using Containerd.Snapshots.Erofs.Lazy;
using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Erofs;

/// <summary>
/// The image of a layer whose files' contents are fetched when they are read. It is a sparse file that has its metadata from the
/// start; chunks are verified and stored in it, and once all are there, it is a plain image. The members are thread-safe.
/// </summary>
/// <remarks>
/// Beside the file are a table of its chunks (<c>.chunks</c>) and a note of those that are stored (<c>.present</c>). The process
/// may be killed at any time. After an unclean stop of the machine, chunks that were synced are verified again when they are read,
/// and others are fetched again.
/// </remarks>
public sealed partial class LazyImage : IAsyncDisposable
{
    private const string TableSuffix = ".chunks", PresenceSuffix = ".present";

    private readonly Lock _lock = new();
    private readonly LazyImageOptions _options;
    private readonly IChunkSource _source;
    private readonly SafeFileHandle _file;
    private readonly ChunkTable _table;
    private readonly ChunkPresence _presence;
    private volatile bool _isComplete;
    private bool _isDisposed;

    private LazyImage(string path, IChunkSource source, LazyImageOptions options, SafeFileHandle file, ChunkTable table, ChunkPresence presence)
    {
        (Path, _source, _options, _file, _table, _presence) = (path, source, options, file, table, presence);
        Length = table.ImageLength;
        NoteIfComplete();
    }

    /// <summary>The path of the image.</summary>
    public string Path { get; }

    /// <summary>The length of the image, in bytes.</summary>
    public long Length { get; }

    /// <summary>The number of chunks.</summary>
    public int ChunkCount => _table.Count;

    /// <summary>The number of chunks that are stored.</summary>
    public int StoredChunkCount
    {
        get
        {
            lock (_lock)
                return _presence.Written;
        }
    }

    /// <summary>Whether all chunks are stored. <see cref="CompleteAsync"/> makes them durable.</summary>
    public bool IsComplete => _isComplete;

    /// <summary>Why all reads fail; null if the image is not refused.</summary>
    public string? Refusal => _presence.Refusal;

    /// <summary>Makes a lazy image of a file.</summary>
    /// <param name="path">
    /// The file: sparse, with the metadata that <see cref="ErofsWriter.Finish"/> wrote, and with its final length.
    /// </param>
    /// <param name="chunks">The chunks, sorted by their offsets; they must not overlap. Other bytes of the file stay as they are.</param>
    /// <param name="source">Where the chunks come from. It is not disposed.</param>
    /// <param name="options">The limits; null for the defaults.</param>
    /// <exception cref="InvalidDataException">The chunks are not sorted, overlap, or are impossible.</exception>
    /// <exception cref="IOException">The files cannot be written.</exception>
    public static LazyImage Create(string path, IEnumerable<LazyChunk> chunks, IChunkSource source, LazyImageOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        options ??= new();
        Delete(path);
        using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            if (options.SyncsAtCreation)
                RandomAccess.FlushToDisk(file);
            ChunkTable.Create(path + TableSuffix, chunks, RandomAccess.GetLength(file), options.SyncsAtCreation);
        }

        if (options.SyncsAtCreation)
            SyncDirectory(path);
        return Open(path, source, options);
    }

    /// <summary>Opens a lazy image that was created before.</summary>
    /// <param name="path">The file.</param>
    /// <param name="source">Where the chunks come from. It is not disposed.</param>
    /// <param name="options">The limits; null for the defaults.</param>
    /// <exception cref="InvalidDataException">The table of the chunks is damaged, or does not fit the file.</exception>
    /// <exception cref="IOException">A file cannot be opened, or the image is open already.</exception>
    public static LazyImage Open(string path, IChunkSource source, LazyImageOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        SafeFileHandle? file = null;
        ChunkTable? table = null;
        try
        {
            options ??= new();
            file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            table = ChunkTable.Open(path + TableSuffix);
            if (RandomAccess.GetLength(file) != table.ImageLength)
                throw new InvalidDataException($"\"{path}\" has {RandomAccess.GetLength(file)} bytes, and its table of chunks says {table.ImageLength}");

            return new(path, source, options, file, table, ChunkPresence.Open(path + PresenceSuffix, table, options.Boot));
        }
        catch
        {
            file?.Dispose();
            table?.Dispose();
            throw;
        }
    }

    /// <summary>Whether a file has a table of chunks, so that <see cref="Open"/> can open it.</summary>
    public static bool Exists(string path) => File.Exists(path + TableSuffix);

    /// <summary>
    /// Deletes the table and the note of the stored chunks. Afterwards the file is a plain image, if <see cref="CompleteAsync"/>
    /// was called; otherwise it is useless. Call this also before a file of the same path is written anew. The names are gone from
    /// the disk when the method returns.
    /// </summary>
    /// <exception cref="IOException">The directory cannot be written.</exception>
    public static void RemoveState(string path)
    {
        Delete(path);
        SyncDirectory(path);
    }

    /// <summary>Makes all chunks durable; all have to be stored.</summary>
    /// <exception cref="InvalidOperationException">Chunks are missing, or the image is refused.</exception>
    /// <exception cref="IOException">The disk failed. Chunks that it lost are absent again.</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken = default)
    {
        if (Refusal is { } reason)
            throw new InvalidOperationException($"\"{Path}\" is refused: {reason}");
        if (!IsComplete)
            throw new InvalidOperationException($"\"{Path}\" has {StoredChunkCount} of {ChunkCount} chunks");

        await SyncAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Refuses the image, durably: all reads fail from now on, and those that wait fail, too. The kernel may still show what it
    /// has read before.
    /// </summary>
    /// <param name="reason">Why, as a part of a sentence.</param>
    public void Refuse(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        List<ChunkRun> runs;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _presence.Refuse(reason);
            _isComplete = false;
            runs = [.. _runs];
        }

        foreach (var run in runs)
            Fail(run, Refused(reason));
    }

    /// <summary>Ends all fetches and reads that wait, and makes durable what is stored.</summary>
    public async ValueTask DisposeAsync()
    {
        List<ChunkRun> runs;
        lock (_lock)
        {
            if (_isDisposed)
                return;

            _isDisposed = true;
            runs = [.. _runs];
        }

        foreach (var run in runs)
            Fail(run, new OperationCanceledException("the image was closed"));

        await Task.WhenAll(runs.Select(run => run.Task)).WaitAsync(PatienceAtEnd).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await CloseAsync().ConfigureAwait(false);
    }

    private static void Delete(string path)
    {
        File.Delete(path + PresenceSuffix);
        File.Delete(path + TableSuffix);
        File.Delete(path + TableSuffix + ".new");
    }

    private static void SyncDirectory(string path)
    {
        var directory = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        var error = Linux.Open(directory, OpenFlags.Directory, out var handle);
        using (handle)
            error = error == 0 ? Linux.Sync(handle) : error;
        if (error != 0)
            throw Linux.Failed(error, $"cannot sync \"{directory}\"");
    }

    private static IOException Refused(string reason) => new($"the image is refused: {reason}", Errno.InputOutput);

    private void NoteIfComplete() => _isComplete = _presence.Written == _table.Count && _presence.Refusal is null;
}
