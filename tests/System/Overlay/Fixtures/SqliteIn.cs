namespace Containerd.Snapshots.Tests.Overlay.Fixtures;

/// <summary>Where the binary's SQLite is.</summary>
internal enum SqliteIn
{
    /// <summary>In the shared library that is published beside it.</summary>
    Library,

    /// <summary>In the binary, from Debian's static library: another version and build.</summary>
    Binary,
}
