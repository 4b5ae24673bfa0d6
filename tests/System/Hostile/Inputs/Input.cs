using Containerd.Snapshots.Tests.Hostile.Http2;

namespace Containerd.Snapshots.Tests.Hostile.Inputs;

/// <summary>Where an input is sent.</summary>
internal enum Place
{
    /// <summary>On a stream beside others: a call that the server answers or resets.</summary>
    Call,

    /// <summary>The same, on a connection of its own, which the server may end for it.</summary>
    LoneCall,

    /// <summary>On a stream beside others, and reset by the client.</summary>
    GivenUp,

    /// <summary>On a connection of its own, after the opening, in complete frames.</summary>
    Frames,

    /// <summary>On a connection of its own, after the opening, possibly ending within a frame.</summary>
    TornFrames,

    /// <summary>On a connection of its own, from the first byte.</summary>
    Bytes,
}

/// <summary>A hostile input: one request, or one sequence of frames.</summary>
/// <param name="Kind">A short name.</param>
/// <param name="Place">Where it is sent.</param>
/// <param name="Write">Writes it, with the id of an unused stream.</param>
internal sealed record Input(string Kind, Place Place, Action<FrameWriter, uint> Write)
{
    /// <summary>How it must end; null: in any way.</summary>
    public Ending? Expected { get; init; }

    /// <summary>A call with valid headers and any body.</summary>
    public static Input Call(string kind, string method, byte[] body) =>
        new(kind, Place.Call, (writer, stream) => writer.Headers(stream, Request.Head(method).Written).Data(stream, body));

    /// <summary>A call with a valid body and any headers.</summary>
    public static Input Call(string kind, HeaderBlock head, byte[] body) =>
        new(kind, Place.Call, (writer, stream) => writer.Headers(stream, head.Written).Data(stream, body));
}
