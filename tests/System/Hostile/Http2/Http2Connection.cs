using System.Buffers.Binary;
using System.Net.Sockets;

namespace Containerd.Snapshots.Tests.Hostile.Http2;

/// <summary>
/// A connection that sends any bytes and records how each stream and ping ends. It always reads, so that a missing
/// answer is the server's fault.
/// </summary>
internal sealed class Http2Connection : IAsyncDisposable
{
    // Streams and pings share a table: a stream's id has 31 bits. The key of the connection's end is neither's.
    private const ulong EndKey = ulong.MaxValue, PingBit = 1UL << 63;

    private const int ErrorOffset = 4;

    private readonly Socket _socket;
    private readonly Waiting _waiting = new();
    private readonly Dictionary<uint, int> _httpStatuses = [];
    private readonly Task _reading;
    private long _goAway = -1;
    private uint _lastStream;
    private ulong _lastPing;

    private Http2Connection(Socket socket)
    {
        _socket = socket;
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>Completes when the server has closed the connection.</summary>
    public Task<Ending> Ended => _waiting.For(EndKey);

    /// <summary>The opening of an honest client, with the largest possible windows.</summary>
    public static FrameWriter Opening() => new FrameWriter()
        .Raw(FrameWriter.Preface)
        .Setting(Setting.HeaderTableSize, 0)
        .Setting(Setting.InitialWindowSize, FrameWriter.MaxWindow)
        .WindowUpdate(0, FrameWriter.MaxWindow - ushort.MaxValue)
        .Frame(FrameType.Settings, FrameFlags.Acknowledge, 0, []); // Acknowledges the server's settings, which it has not read.

    /// <summary>Connects, and sends nothing.</summary>
    public static async Task<Http2Connection> ConnectAsync(string socketPath) => new(await RawSocket.ConnectAsync(socketPath));

    /// <summary>Connects, and starts as an honest client does.</summary>
    public static async Task<Http2Connection> OpenAsync(string socketPath)
    {
        var connection = await ConnectAsync(socketPath);
        await connection.SendAsync(Opening());
        return connection;
    }

    /// <summary>The next stream's id.</summary>
    public uint NextStream() => _lastStream = _lastStream == 0 ? 1 : _lastStream + 2;

    /// <summary>How a stream ends. To be called before the stream is sent.</summary>
    public Task<Ending> EndingOf(uint stream) => _waiting.For(stream);

    /// <summary>Writes a ping. The result is its answer or the connection's end.</summary>
    public Task<Ending> Ping(FrameWriter writer)
    {
        writer.Ping(++_lastPing);
        return _waiting.For(_lastPing | PingBit);
    }

    /// <summary>Sends. Does not fail if the server has closed the connection: <see cref="Ended"/> shows that.</summary>
    public async Task SendAsync(FrameWriter writer)
    {
        try
        {
            for (var rest = writer.Written; rest.Length > 0;)
                rest = rest[await _socket.SendAsync(rest)..];
        }
        catch (SocketException)
        {
        }
    }

    /// <summary>Closes the connection for sending, after which the server has to close it.</summary>
    public void HalfClose()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _reading;
    }

    private async Task ReadAsync()
    {
        try
        {
            await using var stream = new NetworkStream(_socket, ownsSocket: false);
            for (var reader = new FrameReader(stream); await reader.MoveNextAsync();)
                Take(reader);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
        }
        finally
        {
            _waiting.End(Ending.Gone(_goAway));
        }
    }

    private void Take(FrameReader frame)
    {
        switch (frame.Type)
        {
            case FrameType.Headers:
                TakeHeaders(frame);
                break;
            case FrameType.Data when (frame.Flags & FrameFlags.EndStream) != 0:
                _waiting.Done(frame.Stream, Ending.Http(_httpStatuses.GetValueOrDefault(frame.Stream)));
                break;
            case FrameType.Reset:
                _waiting.Done(frame.Stream, Ending.Reset(BinaryPrimitives.ReadUInt32BigEndian(frame.Payload)));
                break;
            case FrameType.Ping when (frame.Flags & FrameFlags.Acknowledge) != 0:
                _waiting.Done(BinaryPrimitives.ReadUInt64BigEndian(frame.Payload) | PingBit, Ending.Pong);
                break;
            case FrameType.GoAway:
                _goAway = BinaryPrimitives.ReadUInt32BigEndian(frame.Payload[ErrorOffset..]);
                break;
        }
    }

    private void TakeHeaders(FrameReader frame)
    {
        var (http, grpc) = HeaderReader.Read(frame.Payload);
        if (http is { } status)
            _httpStatuses[frame.Stream] = status;
        if ((frame.Flags & FrameFlags.EndStream) == 0)
            return;

        _httpStatuses.Remove(frame.Stream, out var seen);
        _waiting.Done(frame.Stream, grpc is { } code ? Ending.Status(code) : Ending.Http(seen));
    }
}
