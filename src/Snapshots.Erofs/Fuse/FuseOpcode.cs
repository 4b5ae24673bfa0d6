namespace Containerd.Snapshots.Erofs.Fuse;

/// <summary>The requests that the server answers (<c>enum fuse_opcode</c> of <c>linux/fuse.h</c>).</summary>
internal enum FuseOpcode : uint
{
    Lookup = 1,
    Forget = 2,
    GetAttributes = 3,
    Open = 14,
    Read = 15,
    StatFileSystem = 17,
    Release = 18,
    Initialize = 26,
    OpenDirectory = 27,
    ReadDirectory = 28,
    ReleaseDirectory = 29,
    Interrupt = 36,
    Destroy = 38,
    ForgetMany = 42,
}
