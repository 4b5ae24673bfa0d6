using System.Globalization;
using System.Net.Sockets;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Hosting.Sockets;
using Containerd.Snapshots.Shared;

namespace Containerd.Snapshots.Hosting.Systemd;

/// <summary>
/// The socket that systemd made, listens on and keeps: while the server is away, clients wait in its queue. The server
/// changes nothing about it, neither its file nor its mode.
/// </summary>
internal sealed class ActivatedSocket : IServerSocket
{
    private const int FirstDescriptor = 3; // SD_LISTEN_FDS_START
    private const string Pid = "LISTEN_PID", Count = "LISTEN_FDS", Names = "LISTEN_FDNAMES";

    private readonly Socket _socket;

    private ActivatedSocket(Socket socket)
    {
        _socket = socket;
        Path = socket.LocalEndPoint?.ToString() ?? "";
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <summary>Takes the socket over, if systemd has passed one to this process.</summary>
    /// <exception cref="SetupException">It has passed several, or none that a server can use.</exception>
    public static ActivatedSocket? Take()
    {
        var isOurs = Environment.GetEnvironmentVariable(Pid) == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var count = Environment.GetEnvironmentVariable(Count);

        // For this process alone, not for those that it starts.
        foreach (var variable in (IEnumerable<string>)[Pid, Count, Names])
            Linux.UnsetVariable(variable);

        if (!isOurs || count is null or "0")
            return null;

        if (count != "1")
            throw new SetupException($"systemd has passed {count} sockets: the socket unit must have one ListenStream=");

        ThrowIfFailed(Linux.KeepFromChildren(FirstDescriptor));
        return new(Check(new SafeSocketHandle(FirstDescriptor, ownsHandle: true)));
    }

    /// <inheritdoc/>
    public Socket Bind() => _socket;

    /// <inheritdoc/>
    public bool Publish() => true;

    /// <summary>
    /// Prepares for its end: .NET shuts a socket down that is closed during an accept, unless other processes may have it,
    /// too, which it tells by this flag. systemd has it.
    /// </summary>
    public void Unpublish() => ThrowIfFailed(Linux.GiveToChildren(FirstDescriptor));

    public void Dispose() => _socket.Dispose();

    private static void ThrowIfFailed(int error)
    {
        if (error != 0)
            throw Linux.Failed(error, $"cannot use descriptor {FirstDescriptor}");
    }

    private static Socket Check(SafeSocketHandle handle)
    {
        try
        {
            var socket = new Socket(handle);
            if (socket is { AddressFamily: AddressFamily.Unix, SocketType: SocketType.Stream } && IsListening(socket))
                return socket;

            socket.Dispose();
        }
        catch (SocketException exception)
        {
            throw new SetupException($"what systemd has passed is not a socket: {exception.Message}", exception);
        }

        throw new SetupException("what systemd has passed is not a Unix socket that listens: the socket unit must have a path in ListenStream=, and Accept=no");
    }

    private static bool IsListening(Socket socket) => (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection)! != 0;
}
