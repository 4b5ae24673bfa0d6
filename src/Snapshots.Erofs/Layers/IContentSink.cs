namespace Containerd.Snapshots.Erofs.Layers;

/// <summary>Takes the contents of a layer's files in the order of the layer, at their places in the image.</summary>
internal interface IContentSink
{
    /// <summary>Goes on at another position of the image.</summary>
    void Seek(long position);

    /// <summary>Takes bytes at the position, which moves on.</summary>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Ends the contents: nothing stays in buffers.</summary>
    void Flush();
}
