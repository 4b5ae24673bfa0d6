namespace Containerd.Snapshots.Tests.Overlay.Fixtures;

/// <summary>Where the binary has SQLite.</summary>
internal enum SqliteIn
{
    /// <summary>In the library that is published beside it, and that the project brings.</summary>
    Library,

    /// <summary>In itself, from Debian's static library: another version, built otherwise.</summary>
    Binary,
}
