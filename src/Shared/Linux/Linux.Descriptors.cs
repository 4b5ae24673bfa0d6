using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Shared;

/// <content>Descriptors that are sent through Unix sockets (SCM_RIGHTS).</content>
internal static unsafe partial class Linux
{
    private const int SocketLevel = 1, Rights = 1; // SOL_SOCKET, SCM_RIGHTS
    private const nuint OneDescriptor = 20; // CMSG_LEN(sizeof(int))
    private const int NoSignal = 0x4000, ReceiveCloseOnExec = 0x40000000; // MSG_NOSIGNAL, MSG_CMSG_CLOEXEC
    private const int ControlCutOff = 8, DataCutOff = 0x20; // MSG_CTRUNC, MSG_TRUNC

    /// <summary>Sends one message, and a descriptor with it.</summary>
    /// <param name="socket">A socket that keeps messages apart.</param>
    /// <param name="message">The message; not empty.</param>
    /// <param name="file">The file whose descriptor is sent; null to send none.</param>
    public static int SendMessage(SafeHandle socket, ReadOnlySpan<byte> message, SafeFileHandle? file)
    {
        var isTaken = false;
        try
        {
            file?.DangerousAddRef(ref isTaken);
            var control = new DescriptorMessage { Length = OneDescriptor, Level = SocketLevel, Type = Rights, Descriptor = (int)(file?.DangerousGetHandle() ?? -1) };
            fixed (byte* bytes = message)
            {
                var part = new Part { Start = bytes, Length = (nuint)message.Length };
                var header = new MessageHeader { Parts = &part, Count = 1 };
                if (file is not null)
                {
                    header.Control = &control;
                    header.ControlLength = (nuint)sizeof(DescriptorMessage);
                }

                int error;
                do
                    error = Result((int)SendMessage(socket, ref header, NoSignal));
                while (error == Errno.Interrupted); // A socket with a limit of time is not waited for again after a signal.
                return error;
            }
        }
        finally
        {
            if (isTaken)
                file!.DangerousRelease();
        }
    }

    /// <summary>Receives one message, and the descriptor that came with it.</summary>
    /// <param name="socket">A socket that keeps messages apart.</param>
    /// <param name="buffer">Takes the message.</param>
    /// <param name="length">Its length; 0 if the other end has closed the socket.</param>
    /// <param name="file">The file; null if none came. Child processes do not inherit it.</param>
    /// <returns>0, or an error; <see cref="Errno.InvalidArgument"/> also if the message is too long or has several descriptors.</returns>
    public static int ReceiveMessage(SafeHandle socket, Span<byte> buffer, out int length, out SafeFileHandle? file)
    {
        file = null;
        DescriptorMessage control = default;
        fixed (byte* bytes = buffer)
        {
            var part = new Part { Start = bytes, Length = (nuint)buffer.Length };
            var header = new MessageHeader { Parts = &part, Count = 1, Control = &control, ControlLength = OneDescriptor };
            int error;
            do
            {
                length = (int)ReceiveMessage(socket, ref header, ReceiveCloseOnExec);
                error = Result(length);
            }
            while (error == Errno.Interrupted);

            if (error != 0)
                return error;

            // There is room for one descriptor only: the kernel closes others.
            if (header.ControlLength >= OneDescriptor && control.Level == SocketLevel && control.Type == Rights)
                file = new(control.Descriptor, ownsHandle: true);
            if ((header.Flags & (ControlCutOff | DataCutOff)) == 0)
                return 0;
        }

        file?.Dispose();
        file = null;
        return Errno.InvalidArgument;
    }

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint SendMessage(SafeHandle socket, ref MessageHeader message, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static partial nint ReceiveMessage(SafeHandle socket, ref MessageHeader message, int flags);

    // struct iovec
    private struct Part
    {
        public byte* Start;
        public nuint Length;
    }

    // struct msghdr
    private struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public Part* Parts;
        public nuint Count;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    // struct cmsghdr with one descriptor, padded to 8 bytes.
    private struct DescriptorMessage
    {
        public nuint Length;
        public int Level, Type;
        public int Descriptor;
        private readonly int _padding;
    }
}
