using System.Net.Sockets;
using Containerd.Snapshots.Erofs.Fuse;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Erofs;

/// <summary>
/// Keeps the descriptor of a <see cref="LazyImageMount"/> for the next server, in a process of its own that does nothing else.
/// Only processes of the same user are answered.
/// </summary>
public sealed class FuseKeeper : IDisposable
{
    private const int Backlog = 16;

    private readonly Socket _listener;
    private readonly string _path;
    private SafeFileHandle? _device;
    private byte[] _state = [];

    private FuseKeeper(Socket listener, string path) => (_listener, _path) = (listener, path);

    /// <summary>Begins to listen.</summary>
    /// <param name="path">The path of the socket. What an earlier keeper has left there is replaced.</param>
    /// <exception cref="IOException">Another keeper listens there, or the socket cannot be made.</exception>
    public static FuseKeeper Listen(string path)
    {
        if (TryConnect(path) is { } other)
        {
            other.Dispose();
            throw new IOException($"another keeper listens on \"{path}\"");
        }

        var listener = KeeperSocket.Open();
        try
        {
            File.Delete(path);
            CloseToOthers(listener);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen(Backlog);
            return new(listener, path);
        }
        catch (SocketException exception)
        {
            listener.Dispose();
            throw new IOException($"cannot listen on \"{path}\": {exception.Message}", exception);
        }
    }

    /// <summary>Asks a keeper for what it keeps. It keeps it further.</summary>
    /// <param name="path">The path of the socket.</param>
    /// <returns>The descriptor and the state; null if the keeper has none, or there is no keeper.</returns>
    /// <exception cref="IOException">The keeper does not answer, or is a process of another user.</exception>
    public static KeptMount? Take(string path)
    {
        if (TryConnect(path) is not { } socket)
            return null;

        using (socket)
        {
            KeeperSocket.Send(socket, KeeperWord.Take);
            var answer = KeeperSocket.Receive(socket);
            if (answer is { Word: KeeperWord.Yes, Device: { } device })
                return new(device, answer.State);

            answer.Dispose();
            return null;
        }
    }

    /// <summary>Gives a keeper a descriptor and its state, in the place of what it keeps.</summary>
    /// <param name="path">The path of the socket.</param>
    /// <param name="device">The descriptor. It stays open here, too.</param>
    /// <param name="state">The state, at most 4096 bytes.</param>
    /// <returns>Whether it is kept; false if there is no keeper.</returns>
    /// <exception cref="IOException">The keeper does not answer, or is a process of another user.</exception>
    public static bool Keep(string path, SafeFileHandle device, ReadOnlySpan<byte> state)
    {
        ArgumentNullException.ThrowIfNull(device);
        return Ask(path, KeeperWord.Keep, state, device);
    }

    /// <summary>Tells a keeper that nothing is mounted any more: it closes the descriptor and ends.</summary>
    /// <param name="path">The path of the socket.</param>
    /// <returns>False if there is no keeper.</returns>
    /// <exception cref="IOException">The keeper does not answer, or is a process of another user.</exception>
    public static bool End(string path) => Ask(path, KeeperWord.End, [], null);

    /// <summary>Keeps until it is told to end, or canceled. One process is answered after the other.</summary>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            using var socket = await _listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
            if (TryAnswer(KeeperSocket.Bound(socket)))
                return;
        }
    }

    /// <summary>Closes the descriptor and removes the socket.</summary>
    public void Dispose()
    {
        _listener.Dispose();
        _device?.Dispose();
        File.Delete(_path);
    }

    // A socket gets its mode when it is bound, so that it is never open to others.
    private static void CloseToOthers(Socket listener)
    {
        using var file = new SafeFileHandle(listener.Handle, ownsHandle: false);
        if (OperatingSystem.IsLinux())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static bool Ask(string path, KeeperWord word, ReadOnlySpan<byte> state, SafeFileHandle? device)
    {
        if (TryConnect(path) is not { } socket)
            return false;

        using (socket)
        {
            KeeperSocket.Send(socket, word, state, device);
            using var answer = KeeperSocket.Receive(socket);
            return answer.Word == KeeperWord.Yes ? true : throw new IOException($"the keeper on \"{path}\" did not understand");
        }
    }

    private static Socket? TryConnect(string path)
    {
        var socket = KeeperSocket.Open();
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionRefused or SocketError.AddressNotAvailable || !File.Exists(path))
        {
            socket.Dispose();
            return null;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new IOException($"cannot reach the keeper on \"{path}\": {exception.Message}", exception);
        }

        if (KeeperSocket.IsOwn(socket))
            return KeeperSocket.Bound(socket);

        socket.Dispose();
        throw new IOException($"the keeper on \"{path}\" is a process of another user");
    }

    // Whether the keeper is to end.
    private bool TryAnswer(Socket socket)
    {
        try
        {
            return KeeperSocket.IsOwn(socket) && Answer(socket, KeeperSocket.Receive(socket));
        }
        catch (IOException)
        {
            return false; // The process is gone, or says nothing: the next one is answered.
        }
    }

    private bool Answer(Socket socket, KeeperMessage message)
    {
        switch (message)
        {
            case { Word: KeeperWord.Take } when _device is not null:
                message.Dispose();
                KeeperSocket.Send(socket, KeeperWord.Yes, _state, _device);
                return false;
            case { Word: KeeperWord.Keep, Device: { } device }:
                _device?.Dispose();
                (_device, _state) = (device, message.State);
                KeeperSocket.Send(socket, KeeperWord.Yes);
                return false;
            case { Word: KeeperWord.End }:
                message.Dispose();
                KeeperSocket.Send(socket, KeeperWord.Yes);
                return true;
            default:
                message.Dispose();
                KeeperSocket.Send(socket, KeeperWord.No);
                return false;
        }
    }
}

/// <summary>What a keeper has.</summary>
/// <param name="Device">The descriptor, for <see cref="LazyImageMount.Resume"/>.</param>
/// <param name="State">The state that was given with it.</param>
public sealed record KeptMount(SafeFileHandle Device, byte[] State);
