using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Containerd.Snapshots.Hosting.Connections;

/// <summary>Receives what a client sends, on a thread of its own.</summary>
/// <param name="socket">The connection's non-blocking socket.</param>
/// <param name="input">The pipe that receives the data.</param>
/// <param name="closed">Canceled when no more data can come.</param>
internal sealed class ConnectionReceiver(Socket socket, PipeWriter input, CancellationTokenSource closed)
{
    private const int LeastRoom = 2048;

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the thread no longer uses the socket.</summary>
    public Task Ended => _ended.Task;

    /// <exception cref="Exception">The process cannot start another thread.</exception>
    public void Start() => new Thread(Run) { IsBackground = true, Name = "Connection" }.UnsafeStart();

    // Any error ends the connection, never the process.
    private void Run()
    {
        try
        {
            input.Complete(ReceiveAll());
            closed.Cancel();
        }
        catch (Exception)
        {
            // Thrown by callbacks on the token.
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
        // Takes memory only when there is data: most connections are idle most of the time.
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

    // Waits if the reader is far behind.
    private FlushResult Flush()
    {
        var flush = input.FlushAsync();
        return flush.IsCompleted ? flush.Result : flush.AsTask().GetAwaiter().GetResult();
    }
}
