namespace Containerd.Snapshots.Hosting;

/// <summary>The versions of containerd that differ in what their configuration can say of a snapshotter.</summary>
internal enum ContainerdVersion
{
    OneSix,
    OneSeven,
    Two,
}
