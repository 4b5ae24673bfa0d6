using System.Collections.Concurrent;
using Containerd.Snapshots.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Storage.Reading;

/// <summary>
/// The connections that read, one for each thread that reads at this moment. They see what was committed last, and wait
/// neither for the writer nor for each other.
/// </summary>
internal sealed class ReaderPool(StoreFile file) : IDisposable
{
    // More threads than processors read at the same time only while one waits for the disk.
    private static readonly int MaxIdle = Environment.ProcessorCount + 2;

    private readonly ConcurrentBag<StoreReader> _idle = [];
    private bool _isClosed;

    public T Read<TArgument, T>(TArgument argument, Func<StoreReader, TArgument, T> read)
    {
        ObjectDisposedException.ThrowIf(_isClosed, typeof(SnapshotStore));
        try
        {
            if (!_idle.TryTake(out var reader))
                reader = new StoreReader(file.ConnectToRead());

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
        _isClosed = true;
        while (_idle.TryTake(out var reader))
            reader.Dispose();
    }

    private void Return(StoreReader reader)
    {
        if (_isClosed || _idle.Count >= MaxIdle)
            reader.Dispose();
        else
            _idle.Add(reader);
    }
}
