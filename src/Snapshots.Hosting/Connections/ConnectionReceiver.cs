using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Containerd.Snapshots.Hosting.Connections;

/// <summary>Receives what a client sends, on a thread of its own.</summary>
/// <param name="socket">The connection's, which does not block.</param>
/// <param name="input">Where it goes.</param>
/// <param name="closed">Canceled when there will be no more.</param>
internal sealed class ConnectionReceiver(Socket socket, PipeWriter input, CancellationTokenSource closed)
{
    private const int LeastRoom = 2048;

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when nothing is received any more, and the socket not used.</summary>
    public Task Ended => _ended.Task;

    /// <exception cref="Exception">The process may have no further thread.</exception>
    public void Start() => new Thread(Run) { IsBackground = true, Name = "Connection" }.UnsafeStart();

    // Whatever goes wrong ends the connection, and never the process.
    private void Run()
    {
        try
        {
            input.Complete(ReceiveAll());
            closed.Cancel();
        }
        catch (Exception)
        {
            // Of those who listen for the end.
        }
        finally
        {
            _ended.SetResult();
        }
    }

    private Exception? ReceiveAll()
    {
        try
        {
            while (Receive())
            {
            }

            return null;
        }
        catch (Exception exception)
        {
            return new ConnectionResetException(exception.Message, exception);
        }
    }

    private bool Receive()
    {
        // Memory only once there is something to be put into it: most connections are idle most of the time.
        socket.Poll(Timeout.InfiniteTimeSpan, SelectMode.SelectRead);
        var count = socket.Receive(input.GetSpan(LeastRoom), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
            return true;

        if (error != SocketError.Success)
            throw new SocketException((int)error);

        if (count == 0)
            return false;

        input.Advance(count);
        return !Flush().IsCompleted;
    }

    // Where the reader is far behind, this waits for him.
    private FlushResult Flush()
    {
        var flush = input.FlushAsync();
        return flush.IsCompleted ? flush.Result : flush.AsTask().GetAwaiter().GetResult();
    }
}
