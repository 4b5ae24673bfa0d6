using Containerd.Snapshots.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Storage.Reading;

/// <summary>
/// The connections that read, one for each thread that reads at this moment. They see what was committed last, and wait
/// neither for the writer nor for each other.
/// </summary>
internal sealed class ReaderPool(StoreFile file, object owner) : IDisposable
{
    // As many as threads read at the same time on a busy machine: one that is opened for a single read costs many of them.
    private static readonly int MaxIdle = 8 + Environment.ProcessorCount;

    private readonly Lock _lock = new();
    private readonly Stack<StoreReader> _idle = [];
    private volatile bool _isClosed;

    public T Read<TArgument, T>(TArgument argument, Func<StoreReader, TArgument, T> read)
    {
        ObjectDisposedException.ThrowIf(_isClosed, owner);
        try
        {
            var reader = Take() ?? new StoreReader(file.ConnectToRead());
            try
            {
                return read(reader, argument);
            }
            finally
            {
                Return(reader);
            }
        }
        catch (SqliteException exception)
        {
            throw SqliteErrors.Translate(exception, file.Path);
        }
    }

    public void Dispose()
    {
        lock (_lock)
            _isClosed = true;

        while (Take() is { } reader)
            reader.Dispose();
    }

    // The one that was used last: it remembers most of what is read next.
    private StoreReader? Take()
    {
        lock (_lock)
            return _idle.TryPop(out var reader) ? reader : null;
    }

    private void Return(StoreReader reader)
    {
        if (!Keep(reader))
            reader.Dispose();
    }

    private bool Keep(StoreReader reader)
    {
        lock (_lock)
        {
            if (_isClosed || _idle.Count >= MaxIdle)
                return false;

            _idle.Push(reader);
            return true;
        }
    }
}
