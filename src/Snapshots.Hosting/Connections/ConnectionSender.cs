using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Containerd.Snapshots.Hosting.Connections;

/// <summary>Sends what is written to a client, and shuts the connection down when there is no more or the client is gone.</summary>
/// <param name="socket">The connection's, which does not block.</param>
/// <param name="output">Where it comes from.</param>
internal sealed class ConnectionSender(Socket socket, PipeReader output)
{
    // A client that reads has made room long before; for one that does not, no thread of the pool waits any longer.
    private static readonly TimeSpan ShortWait = TimeSpan.FromMilliseconds(2);

    private readonly List<ArraySegment<byte>> _segments = [];

    /// <summary>Done when nothing is sent any more.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Ends a connection, whatever is on its way.</summary>
    public static void ShutDown(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It has ended already.
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
            // The client is gone, or there is no thread to wait for it: whoever writes learns by the pipe that it is over.
        }
        finally
        {
            await output.CompleteAsync().ConfigureAwait(false);
            ShutDown(socket);
        }
    }

    // One loop, which waits for as long as the connection is there: a method for each round would allocate at each wait.
    private async Task SendAllAsync()
    {
        while (true)
        {
            var written = await output.ReadAsync().ConfigureAwait(false);
            var unsent = written.Buffer.Slice(Send(written.Buffer));
            var isFull = !unsent.IsEmpty; // Afterwards the buffer's pieces may be others'.
            output.AdvanceTo(unsent.Start);
            if (isFull)
                await WaitForRoomAsync().ConfigureAwait(false);
            else if (written.IsCompleted)
                return;
        }
    }

    /// <returns>How many bytes the kernel has taken.</returns>
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
