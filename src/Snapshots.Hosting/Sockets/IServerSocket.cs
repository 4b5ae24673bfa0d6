using System.Net.Sockets;

namespace Containerd.Snapshots.Hosting.Sockets;

/// <summary>The Unix socket that a server listens on, created by the server or by systemd.</summary>
internal interface IServerSocket : IDisposable
{
    /// <summary>The address for clients: an absolute path, or an abstract name after an @.</summary>
    string Path { get; }

    /// <summary>Returns the bound socket.</summary>
    Socket Bind();

    /// <summary>Shows the socket to clients, after it started to listen.</summary>
    /// <returns>False if <see cref="Unpublish"/> was called before.</returns>
    bool Publish();

    /// <summary>Hides the socket from new clients permanently.</summary>
    void Unpublish();
}
