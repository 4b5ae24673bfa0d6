using System.Globalization;
using System.Net.Sockets;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Hosting.Sockets;
using Containerd.Snapshots.Shared;

namespace Containerd.Snapshots.Hosting.Systemd;

/// <summary>
/// The socket that systemd created, listens on and keeps: while no server runs, clients wait in its queue. The server changes
/// neither its file nor its mode.
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

    /// <summary>Takes over the socket that systemd passed to this process; null if systemd passed none.</summary>
    /// <exception cref="SetupException">systemd passed several sockets, or one that a server cannot use.</exception>
    public static ActivatedSocket? Take()
    {
        var isOurs = Environment.GetEnvironmentVariable(Pid) == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var count = Environment.GetEnvironmentVariable(Count);

        // Child processes must not inherit them.
        foreach (var variable in (IEnumerable<string>)[Pid, Count, Names])
            Linux.UnsetVariable(variable);

        if (!isOurs || count is null or "0")
            return null;

        if (count != "1")
            throw new SetupException($"systemd passed {count} sockets: the socket unit must have exactly one ListenStream=");

        ThrowIfFailed(Linux.KeepFromChildren(FirstDescriptor));
        return new(Validated(new SafeSocketHandle(FirstDescriptor, ownsHandle: true)));
    }

    /// <inheritdoc/>
    public Socket Bind() => _socket;

    /// <inheritdoc/>
    public bool Publish() => true;

    /// <summary>
    /// Marks the socket as inherited. When .NET closes a socket during an accept, it also shuts it down, unless this mark shows
    /// that other processes may use it. systemd does.
    /// </summary>
    public void Unpublish() => ThrowIfFailed(Linux.GiveToChildren(FirstDescriptor));

    public void Dispose() => _socket.Dispose();

    private static void ThrowIfFailed(int error)
    {
        if (error != 0)
            throw Linux.Failed(error, $"cannot use descriptor {FirstDescriptor}");
    }

    private static Socket Validated(SafeSocketHandle handle)
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
            throw new SetupException($"the descriptor that systemd passed is not a socket: {exception.Message}", exception);
        }

        throw new SetupException("the descriptor that systemd passed is not a listening Unix socket: the socket unit must have a path in ListenStream=, and Accept=no");
    }

    private static bool IsListening(Socket socket) => (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection)! != 0;
}
