namespace Containerd.Snapshots.Runtime.Filters.Re2;

/// <summary>The flags of RE2 that change whether an expression matches: i, m and s.</summary>
[Flags]
internal enum Re2Flags
{
    None = 0,
    IgnoreCase = 1,
    MultiLine = 2,
    DotAll = 4,
}
