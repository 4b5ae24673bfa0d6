using System.Net.Sockets;

namespace Containerd.Snapshots.Hosting.Sockets;

/// <summary>The Unix socket that a server listens on, whoever made it.</summary>
internal interface IServerSocket : IDisposable
{
    /// <summary>Where clients find it: an absolute path, or an abstract name after an @.</summary>
    string Path { get; }

    /// <summary>The socket, bound.</summary>
    Socket Bind();

    /// <summary>Shows it, now that it listens, to clients.</summary>
    /// <returns>False if the host is to stop already.</returns>
    bool Publish();

    /// <summary>Hides it from new clients, for good.</summary>
    void Unpublish();
}
