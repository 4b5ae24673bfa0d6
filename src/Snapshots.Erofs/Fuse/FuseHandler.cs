using Containerd.Snapshots.Shared;

namespace Containerd.Snapshots.Erofs.Fuse;

/// <summary>
/// Answers requests. It keeps nothing of one, so a request may come twice. All answers but those of reads that have to wait are
/// made at once.
/// </summary>
/// <param name="files">The files.</param>
internal sealed class FuseHandler(FuseFiles files)
{
    /// <summary>The length of a buffer for answers, in bytes.</summary>
    public const int ReplyLength = FuseReply.HeaderLength + FuseSession.MaxRead;

    /// <summary>What INIT agreed on; null before it.</summary>
    public FuseSession? Session { get; set; }

    /// <summary>Answers a request.</summary>
    /// <param name="message">What the kernel wrote.</param>
    /// <param name="reply">Takes the answer; <see cref="ReplyLength"/> bytes long.</param>
    /// <returns>What to do.</returns>
    public FuseAnswer Answer(ReadOnlySpan<byte> message, Span<byte> reply)
    {
        if (!FuseRequest.TryParse(message, out var request))
            return FuseAnswer.None;

        var body = reply[FuseReply.HeaderLength..];
        switch (request.Opcode)
        {
            case FuseOpcode.Read:
                return Read(request, reply, body);
            case FuseOpcode.Forget or FuseOpcode.ForgetMany:
                return FuseAnswer.None;
            case FuseOpcode.Interrupt:
                return request.TryGetInterrupted(out var id) ? new() { Kind = FuseAnswerKind.Interrupt, Id = request.Id, Interrupted = id } : FuseAnswer.None;
            case FuseOpcode.Destroy or FuseOpcode.Release or FuseOpcode.ReleaseDirectory:
                return Done(request, reply, 0);
        }

        var length = request.Opcode switch
        {
            FuseOpcode.Initialize => Initialize(request, body),
            FuseOpcode.Lookup => Lookup(request, body),
            FuseOpcode.GetAttributes => GetAttributes(request, body),
            FuseOpcode.Open => files.Find(request.Node) is null ? -Errno.NoSuchFile : FuseReply.WriteOpen(body),
            FuseOpcode.OpenDirectory => request.Node == FuseFiles.Root ? FuseReply.WriteOpen(body) : -Errno.NotADirectory,
            FuseOpcode.ReadDirectory => ReadDirectory(request, body),
            FuseOpcode.StatFileSystem => FuseReply.WriteStatistics(body),
            _ => -Errno.NoSystemCall,
        };
        return Done(request, reply, length);
    }

    private static FuseAnswer Done(in FuseRequest request, Span<byte> reply, int length) => new()
    {
        Kind = FuseAnswerKind.Reply,
        Length = length < 0 ? FuseReply.WriteHeader(reply, request.Id, -length) : FuseReply.WriteHeader(reply, request.Id, 0, length),
    };

    private int Initialize(in FuseRequest request, Span<byte> body)
    {
        var length = FuseSession.Answer(request.Body, body, out var session);
        Session = session ?? Session;
        return length > 0 ? length : -Errno.Protocol;
    }

    private int Lookup(in FuseRequest request, Span<byte> body) =>
        request.Node == FuseFiles.Root && request.TryGetName(out var name) && files.Find(name, out var node) is { } image
            ? FuseReply.WriteEntry(body, node, image.Length)
            : -Errno.NoSuchFile;

    private int GetAttributes(in FuseRequest request, Span<byte> body)
    {
        if (request.Node == FuseFiles.Root)
            return FuseReply.WriteAttributeAnswer(body, request.Node, 0);

        return files.Find(request.Node) is { } image ? FuseReply.WriteAttributeAnswer(body, request.Node, image.Length) : -Errno.NoSuchFile;
    }

    private int ReadDirectory(in FuseRequest request, Span<byte> body)
    {
        if (request.Node != FuseFiles.Root)
            return -Errno.NotADirectory;

        return request.TryGetRange(out var offset, out var length) ? files.WriteDirectory(body[..Math.Min(length, body.Length)], offset) : -Errno.InvalidArgument;
    }

    private FuseAnswer Read(in FuseRequest request, Span<byte> reply, Span<byte> body)
    {
        if (!request.TryGetRange(out var offset, out var length) || length > FuseSession.MaxRead)
            return Done(request, reply, -Errno.InvalidArgument);
        if (files.Find(request.Node) is not { } image)
            return Done(request, reply, -Errno.NoSuchFile);

        try
        {
            var read = new FuseAnswer { Id = request.Id, Image = image, Offset = offset, Length = length };
            if (!image.TryRead(offset, body[..length], out var count))
                return read with { Kind = FuseAnswerKind.Wait };

            return read with { Kind = FuseAnswerKind.Content, Length = FuseReply.WriteHeader(reply, request.Id, 0, count) };
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            return Done(request, reply, -Errno.InputOutput);
        }
    }
}

/// <summary>What is to be done with a request.</summary>
internal enum FuseAnswerKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The answer is written.</summary>
    Reply,

    /// <summary>The answer is written, and has bytes of the image.</summary>
    Content,

    /// <summary>Chunks have to be waited for.</summary>
    Wait,

    /// <summary>Another request is interrupted.</summary>
    Interrupt,
}

/// <summary>What is to be done with a request.</summary>
internal readonly record struct FuseAnswer
{
    public static FuseAnswer None => default;

    public FuseAnswerKind Kind { get; init; }

    /// <summary>The request's number.</summary>
    public ulong Id { get; init; }

    /// <summary>The request that is interrupted.</summary>
    public ulong Interrupted { get; init; }

    /// <summary>The image that is read.</summary>
    public LazyImage? Image { get; init; }

    /// <summary>Where the read begins in the image, in bytes.</summary>
    public long Offset { get; init; }

    /// <summary>The length of the answer; of a read that waits, how many bytes it wants.</summary>
    public int Length { get; init; }
}
