using Containerd.Snapshots.Erofs.Layers;

namespace Containerd.Snapshots.Erofs.Tables;

/// <summary>Gives the contents of a layer's files to the verification of a lazy image.</summary>
/// <param name="verifier">The verification.</param>
internal sealed class VerifiedContent(LazyImageVerifier verifier) : IContentSink
{
    private long _position;

    public void Seek(long position) => _position = position;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        verifier.Write(_position, bytes);
        _position += bytes.Length;
    }

    public void Flush() => verifier.Complete();
}
