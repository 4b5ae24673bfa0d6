namespace Containerd.Snapshots.Erofs;

/// <summary>The kind of a layer's table of contents.</summary>
public enum LayerTableKind
{
    /// <summary>
    /// eStargz: gzip members, the table in the last one, as the archive's file <c>stargz.index.json</c>. Its times are whole
    /// seconds.
    /// </summary>
    EStargz,

    /// <summary>zstd:chunked as the tools of Podman write it: zstd frames, and the table in one that other readers skip.</summary>
    ZstdChunked,

    /// <summary>zstd:chunked as the tools of eStargz write it. Its times are whole seconds.</summary>
    ZstdStargz,
}
