namespace Containerd.Snapshots.Remote.Hosts;

/// <summary>What a host may be asked for.</summary>
[Flags]
internal enum HostCapabilities
{
    None = 0,

    /// <summary>What is named by a digest.</summary>
    Pull = 1,

    /// <summary>Which digest a tag has: it must be trusted.</summary>
    Resolve = 2,
}
