using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Erofs.Fuse;

/// <summary>The open device through which one mount is served.</summary>
internal sealed class FuseDevice : IDisposable
{
    private const string Path = "/dev/fuse";
    private const int Resend = 7; // FUSE_NOTIFY_RESEND

    private readonly SafeFileHandle _stop;
    private volatile bool _isStopped;

    private FuseDevice(SafeFileHandle file)
    {
        File = file;
        Throw(Linux.StopWaiting(file), "cannot use the descriptor of a FUSE mount");
        Throw(Linux.OpenEvent(out _stop), "cannot make an event");
    }

    /// <summary>The descriptor.</summary>
    public SafeFileHandle File { get; }

    /// <summary>Whether <see cref="Stop"/> was called.</summary>
    public bool IsStopped => _isStopped;

    /// <summary>Mounts a new file system.</summary>
    /// <exception cref="IOException">The kernel has no FUSE, or refuses the mount.</exception>
    public static FuseDevice Mount(string directory)
    {
        Throw(Linux.Open(Path, OpenFlags.ReadWrite | OpenFlags.DoNotWait, out var file), $"cannot open {Path}");
        var error = Linux.MountFuse("lazy-layers", directory, (int)file.DangerousGetHandle(), FuseSession.MaxRead);
        if (error == 0)
            return new(file);

        file.Dispose();
        throw Linux.Failed(error, $"cannot mount FUSE at \"{directory}\"{(error == Errno.NoDevice ? " (the kernel has not loaded it: modprobe fuse)" : "")}");
    }

    /// <summary>Takes a device over.</summary>
    public static FuseDevice Take(SafeFileHandle file) => new(file);

    /// <summary>Asks the kernel for the requests that the previous server took and did not answer.</summary>
    /// <exception cref="IOException">The kernel cannot do that (before Linux 6.9), or the file system is not mounted any more.</exception>
    public void AskAgain()
    {
        Span<byte> message = stackalloc byte[FuseReply.HeaderLength];
        FuseReply.WriteHeader(message, 0, -Resend);
        Throw(Linux.WriteMessage(File, message), "cannot get the requests of the previous FUSE server again (this needs Linux 6.9)");
    }

    /// <summary>Reads the next request, and waits for it.</summary>
    /// <returns>Its length; 0 if the device was stopped or the file system unmounted.</returns>
    public int Read(Span<byte> request)
    {
        while (!IsStopped)
        {
            var error = Linux.ReadMessage(File, request, out var length);
            switch (error)
            {
                case 0:
                    return length;
                case Errno.TryAgain:
                    _ = Linux.WaitForEither(File, _stop);
                    break;
                case Errno.Interrupted or Errno.NoSuchFile: // The request was given up.
                    break;
                case Errno.NoDevice:
                    return 0;
                default:
                    throw Linux.Failed(error, $"cannot read {Path}");
            }
        }

        return 0;
    }

    /// <summary>Writes an answer. That nobody waits for it any more is no error.</summary>
    public void Write(ReadOnlySpan<byte> reply) => _ = Linux.WriteMessage(File, reply);

    /// <summary>Ends the reads that wait, and those to come.</summary>
    public void Stop()
    {
        _isStopped = true;
        _ = Linux.WriteMessage(_stop, BitConverter.GetBytes(1L));
    }

    public void Dispose()
    {
        File.Dispose();
        _stop.Dispose();
    }

    private static void Throw(int error, string what)
    {
        if (error != 0)
            throw Linux.Failed(error, what);
    }
}
