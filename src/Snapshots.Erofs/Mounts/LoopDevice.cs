using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Erofs.Mounts;

/// <summary>A loop device for a file, read-only. It is freed when this is disposed and nothing else uses it.</summary>
internal sealed class LoopDevice : IDisposable
{
    // Other processes take devices, too.
    private const int MaxAttempts = 100;

    private readonly SafeFileHandle _device;

    private LoopDevice(SafeFileHandle device, string path) => (_device, Path) = (device, path);

    /// <summary><c>/dev/loopN</c>.</summary>
    public string Path { get; }

    /// <exception cref="IOException">There is no device to be had.</exception>
    public static LoopDevice Open(string file)
    {
        using var control = OpenFile("/dev/loop-control", OpenFlags.ReadWrite);
        using var backing = OpenFile(file, 0);
        for (var attempt = 1; ; attempt++)
        {
            Throw(Linux.FindFreeLoop(control, out var number), "cannot find a free loop device");
            var path = $"/dev/loop{number}";
            var device = OpenFile(path, 0);
            var error = Connect(device, backing);
            if (error == 0)
                return new(device, path);

            device.Dispose();
            if (error != Errno.Busy || attempt == MaxAttempts)
                throw Linux.Failed(error, $"cannot connect {path} with \"{file}\"");
        }
    }

    public void Dispose() => _device.Dispose();

    private static int Connect(SafeFileHandle device, SafeFileHandle file)
    {
        var status = new LoopStatus { Flags = LoopStatus.ReadOnly | LoopStatus.ClearsItself | LoopStatus.DirectIo };
        var error = Linux.ConfigureLoop(device, new() { File = (int)file.DangerousGetHandle(), Status = status });
        return error is Errno.InvalidArgument or Errno.NotSupportedByDevice ? ConnectInSteps(device, file) : error;
    }

    // Before Linux 5.8.
    private static int ConnectInSteps(SafeFileHandle device, SafeFileHandle file)
    {
        var error = Linux.SetLoopFile(device, file);
        if (error != 0)
            return error;

        error = Linux.SetLoopStatus(device, new() { Flags = LoopStatus.ReadOnly | LoopStatus.ClearsItself });
        if (error != 0)
            _ = Linux.ClearLoop(device);

        return error;
    }

    private static SafeFileHandle OpenFile(string path, int flags)
    {
        var error = Linux.Open(path, flags, out var file);
        if (error == 0)
            return file;

        file.Dispose();
        throw Linux.Failed(error, $"cannot open \"{path}\"");
    }

    private static void Throw(int error, string what)
    {
        if (error != 0)
            throw Linux.Failed(error, what);
    }
}
