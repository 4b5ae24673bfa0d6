using Containerd.Snapshots.Tests.Hostile.Http2;

namespace Containerd.Snapshots.Tests.Hostile.Inputs;

/// <summary>Where an input goes.</summary>
internal enum Place
{
    /// <summary>On a stream beside others: a call that the server answers or resets.</summary>
    Call,

    /// <summary>The same, on a connection of its own, which the server may end for it.</summary>
    LoneCall,

    /// <summary>On a stream beside others, and given up by the client itself.</summary>
    GivenUp,

    /// <summary>On a connection of its own, after the opening, with every frame whole.</summary>
    Frames,

    /// <summary>On a connection of its own, after the opening, and maybe in the middle of a frame at the end.</summary>
    TornFrames,

    /// <summary>On a connection of its own, from the first byte.</summary>
    Bytes,
}

/// <summary>Something hostile: one request, or one sequence of frames.</summary>
/// <param name="Kind">What it is, in a word or two.</param>
/// <param name="Place">Where it goes.</param>
/// <param name="Write">Writes it; the number is that of a stream that nobody has used.</param>
internal sealed record Input(string Kind, Place Place, Action<FrameWriter, uint> Write)
{
    /// <summary>How it must end; null where anything may come of it that is an end.</summary>
    public Ending? Expected { get; init; }

    /// <summary>A call with a right head, and any body.</summary>
    public static Input Call(string kind, string method, byte[] body) =>
        new(kind, Place.Call, (writer, stream) => writer.Headers(stream, Request.Head(method).Written).Data(stream, body));

    /// <summary>A call with a right body, and any head.</summary>
    public static Input Call(string kind, HeaderBlock head, byte[] body) =>
        new(kind, Place.Call, (writer, stream) => writer.Headers(stream, head.Written).Data(stream, body));
}
