using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Containerd.Snapshots.Hosting.Connections;

/// <summary>Sends the output to the client, and shuts the connection down when the output ends or the client is gone.</summary>
/// <param name="socket">The connection's non-blocking socket.</param>
/// <param name="output">The pipe with the data to send.</param>
internal sealed class ConnectionSender(Socket socket, PipeReader output)
{
    // A client that reads makes room within this time. For others, a separate thread waits, not one of the pool.
    private static readonly TimeSpan ShortWait = TimeSpan.FromMilliseconds(2);

    private readonly List<ArraySegment<byte>> _segments = [];

    /// <summary>Completes when nothing more is sent.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Ends a connection, even if data is still being sent.</summary>
    public static void ShutDown(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The connection has already ended.
        }
    }

    public void Start() => Ended = RunAsync();

    private async Task RunAsync()
    {
        try
        {
            await SendAllAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The client is gone, or no thread is available to wait for it. The completed pipe tells the writer.
        }
        finally
        {
            await output.CompleteAsync().ConfigureAwait(false);
            ShutDown(socket);
        }
    }

    // One loop for the whole connection: a method for each round would allocate at each wait.
    private async Task SendAllAsync()
    {
        while (true)
        {
            var written = await output.ReadAsync().ConfigureAwait(false);
            var unsent = written.Buffer.Slice(Send(written.Buffer));
            var isFull = !unsent.IsEmpty; // After AdvanceTo, the buffer's memory may be reused.
            output.AdvanceTo(unsent.Start);
            if (isFull)
                await WaitForRoomAsync().ConfigureAwait(false);
            else if (written.IsCompleted)
                return;
        }
    }

    /// <returns>The number of bytes that the kernel accepted.</returns>
    private long Send(ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsEmpty)
            return 0;

        var sent = bytes.IsSingleSegment
            ? socket.Send(bytes.FirstSpan, SocketFlags.None, out var error)
            : socket.Send(Segments(bytes), SocketFlags.None, out error);

        return error is SocketError.Success or SocketError.WouldBlock ? sent : throw new SocketException((int)error);
    }

    private List<ArraySegment<byte>> Segments(ReadOnlySequence<byte> bytes)
    {
        _segments.Clear();
        foreach (var segment in bytes)
        {
            MemoryMarshal.TryGetArray(segment, out var array);
            _segments.Add(array);
        }

        return _segments;
    }

    private async ValueTask WaitForRoomAsync()
    {
        if (!socket.Poll(ShortWait, SelectMode.SelectWrite))
            await Task.Factory.StartNew(WaitForRoom, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
    }

    private void WaitForRoom() => socket.Poll(Timeout.InfiniteTimeSpan, SelectMode.SelectWrite);
}
