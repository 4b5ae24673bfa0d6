namespace Containerd.Snapshots.Shared;

/// <summary>The kernel's error numbers, which are the same on x64 and arm64.</summary>
internal static class Errno
{
    public const int NotPermitted = 1; // EPERM
    public const int NoSuchFile = 2; // ENOENT
    public const int Interrupted = 4; // EINTR
    public const int InputOutput = 5; // EIO
    public const int TryAgain = 11; // EAGAIN
    public const int NoMemory = 12; // ENOMEM
    public const int AccessDenied = 13; // EACCES
    public const int NotBlockDevice = 15; // ENOTBLK
    public const int Busy = 16; // EBUSY
    public const int AlreadyExists = 17; // EEXIST
    public const int NoDevice = 19; // ENODEV
    public const int NotADirectory = 20; // ENOTDIR
    public const int IsADirectory = 21; // EISDIR
    public const int InvalidArgument = 22; // EINVAL
    public const int TooManyOpenFiles = 23; // ENFILE, in the system
    public const int TooManyOpenFilesHere = 24; // EMFILE, in this process
    public const int NotSupportedByDevice = 25; // ENOTTY
    public const int NoSpaceLeft = 28; // ENOSPC
    public const int ReadOnlyFileSystem = 30; // EROFS
    public const int NoSystemCall = 38; // ENOSYS
    public const int NotEmpty = 39; // ENOTEMPTY
    public const int TooManyLinks = 40; // ELOOP
    public const int Protocol = 71; // EPROTO
    public const int NotSupported = 95; // EOPNOTSUPP
    public const int QuotaExceeded = 122; // EDQUOT
}
