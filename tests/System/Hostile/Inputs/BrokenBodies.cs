using Containerd.Snapshots.Tests.Hostile.Http2;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Hostile.Inputs;

/// <summary>Calls whose body is not exactly one message in gRPC's framing.</summary>
internal static class BrokenBodies
{
    private static readonly string[] Encodings = ["gzip", "deflate", "identity", "br", "x-unknown", ""];

    private static readonly Func<Random, string, byte[], Input>[] Kinds =
    [
        (random, method, message) => Input.Call("wrong length", method, Request.Body(message, length: random.EdgeNumber())),
        (random, method, message) => Input.Call("cut body", method, random.Cut(Request.Body(message))),
        (_, method, message) => Input.Call("two messages", method, [.. Request.Body(message), .. Request.Body(message)]),
        (random, method, message) => Input.Call("more than a message", method, [.. Request.Body(message), .. random.Bytes(random.Next(1, 20))]),
        (random, method, message) => Input.Call("unknown flag", method, Request.Body(message, flag: (byte)random.Next(2, 256))),
        (random, method, _) => Input.Call("random body", method, random.Bytes(random.Next(300))),
        (_, method, _) => Input.Call("no body", method, []),
        (random, method, message) => InPieces(random, method, Request.Body(message)),
        (random, method, message) => Padded(random, method, Request.Body(message)),
        (random, method, message) => GivenUp(random, method, Request.Body(message)),
        (random, method, message) => WithTrailers(random, method, Request.Body(message)),
        (random, method, _) => Compressed(random, method),
        (random, method, _) => Compressed(random, method),
    ];

    public static Input Any(Random random)
    {
        var (method, message) = RightCalls.Message(random);
        return random.Pick(Kinds)(random, method, message);
    }

    // gRPC requires Unimplemented for an unknown encoding. A message flagged as compressed without an encoding is
    // malformed in another way.
    private static Input Compressed(Random random, string method)
    {
        var encoding = random.Pick(Encodings);
        var input = Input.Call("bomb", Request.Head(method).Add("grpc-encoding", encoding), Request.Body(Bomb.Small, flag: 1));
        return encoding is "identity" or "" ? input : input with { Expected = Ending.Status(StatusCode.Unimplemented) };
    }

    private static Input InPieces(Random random, string method, byte[] body)
    {
        var length = random.Next(1, 4);
        return new("pieces", Place.Call, (writer, stream) =>
        {
            writer.Headers(stream, Request.Head(method).Written);
            foreach (var piece in body.Chunk(length))
                writer.Data(stream, piece, endStream: false).Data(stream, [], endStream: false);
            writer.Data(stream, []);
        });
    }

    private static Input Padded(Random random, string method, byte[] body)
    {
        var padding = new byte[random.Next(256)];
        return new("padded body", Place.Call, (writer, stream) => writer
            .Headers(stream, Request.Head(method).Written)
            .Frame(FrameType.Data, FrameFlags.Padded | FrameFlags.EndStream, stream, [(byte)padding.Length, .. body, .. padding]));
    }

    private static Input GivenUp(Random random, string method, byte[] body)
    {
        var (part, error) = (random.Next(2) == 0 ? body : random.Cut(body), (Http2Error)random.Next(16));
        return new("given up", Place.GivenUp, (writer, stream) => writer
            .Headers(stream, Request.Head(method).Written)
            .Data(stream, part, endStream: false)
            .Reset(stream, error));
    }

    private static Input WithTrailers(Random random, string method, byte[] body)
    {
        var trailers = new HeaderBlock().Add("grpc-status", "0").Add("x-trailer", new string('t', random.Next(2000)));
        return new("request trailers", Place.Call, (writer, stream) => writer
            .Headers(stream, Request.Head(method).Written)
            .Data(stream, body, endStream: false)
            .Headers(stream, trailers.Written, endStream: true));
    }
}
