using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Containerd.Snapshots.Hosting.Connections;

/// <summary>A connection: what its client sends goes into one pipe, and what is written to the other goes to the client.</summary>
internal sealed class UnixConnection : DefaultConnectionContext, IConnectionSocketFeature, IMemoryPoolFeature
{
    // As of Kestrel's own transport.
    private const int MostUnread = 1 << 20, MostUnsent = 64 << 10;

    private static long _last;

    private readonly PeerAdmission _admission;
    private readonly Pipe _input, _output;
    private readonly ConnectionReceiver _receiver;
    private readonly ConnectionSender _sender;
    private readonly CancellationTokenSource _closed = new();

    private UnixConnection(Socket socket, PeerAdmission admission, MemoryPool<byte> memory)
        : base(Interlocked.Increment(ref _last).ToString(CultureInfo.InvariantCulture))
    {
        Socket = socket;
        MemoryPool = memory;
        _admission = admission;

        // Kestrel first copies what is received, which is done at once by the thread that has received it.
        _input = Create(memory, PipeScheduler.Inline, MostUnread);
        _output = Create(memory, PipeScheduler.ThreadPool, MostUnsent);
        _receiver = new(socket, _input.Writer, _closed);
        _sender = new(socket, _output.Reader);

        Transport = new Ends(_input.Reader, _output.Writer);
        ConnectionClosed = _closed.Token;
        Features.Set<IConnectionSocketFeature>(this);
        Features.Set<IMemoryPoolFeature>(this);
        Features.Set(admission.Peer);
    }

    public Socket Socket { get; }

    public MemoryPool<byte> MemoryPool { get; }

    /// <summary>Begins to receive.</summary>
    /// <exception cref="Exception">The process may have no further thread.</exception>
    public static UnixConnection Begin(Socket socket, PeerAdmission admission, MemoryPool<byte> memory)
    {
        socket.Blocking = false;
        var connection = new UnixConnection(socket, admission, memory);
        connection._sender.Start();
        connection._receiver.Start();
        return connection;
    }

    public override void Abort(ConnectionAbortedException abortReason) => ConnectionSender.ShutDown(Socket);

    /// <summary>Sends what is written, and ends.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _input.Reader.CompleteAsync().ConfigureAwait(false);
        await _output.Writer.CompleteAsync().ConfigureAwait(false);

        // Neither fails.
        await _sender.Ended.ConfigureAwait(false);
        await _receiver.Ended.ConfigureAwait(false);
        Socket.Dispose();
        _closed.Dispose();
        _admission.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private static Pipe Create(MemoryPool<byte> memory, PipeScheduler reader, int most) =>
        new(new PipeOptions(memory, reader, PipeScheduler.ThreadPool, most, most / 2, useSynchronizationContext: false));

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
