using Containerd.Snapshots.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Storage.Reading;

/// <summary>
/// The connections that read, one for each thread that reads at the moment. A read sees the last commit, and waits neither
/// for the writer nor for other reads.
/// </summary>
/// <param name="file">The database file.</param>
/// <param name="owner">The object whose type an <see cref="ObjectDisposedException"/> names.</param>
internal sealed class ReaderPool(StoreFile file, object owner) : IDisposable
{
    // As many as read at the same time on a busy machine: opening a connection costs as much as many reads.
    private static readonly int MaxIdle = 8 + Environment.ProcessorCount;

    private readonly Lock _lock = new();
    private readonly Stack<StoreReader> _idle = [];
    private volatile bool _isClosed;

    public T Read<TArgument, T>(TArgument argument, Func<StoreReader, TArgument, T> read)
    {
        ThrowIfClosed();
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

    public void ThrowIfClosed() => ObjectDisposedException.ThrowIf(_isClosed, owner);

    public void Dispose()
    {
        lock (_lock)
            _isClosed = true;

        while (Take() is { } reader)
            reader.Dispose();
    }

    // The connection that was used last, whose cache fits best.
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
