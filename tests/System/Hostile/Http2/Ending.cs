using Grpc.Core;

namespace Containerd.Snapshots.Tests.Hostile.Http2;

/// <summary>How a stream or a connection ended.</summary>
internal readonly record struct Ending
{
    private Ending(string kind, long code) => (Kind, Code) = (kind, code);

    /// <summary>The connection ended first; the code is that of the server's GOAWAY, or -1 if there was none.</summary>
    public bool IsGone => Kind == "connection gone";

    public string Kind { get; }

    public long Code { get; }

    public static Ending Status(int code) => new("status", code);

    public static Ending Status(StatusCode code) => Status((int)code);

    /// <summary>An HTTP answer without a gRPC status.</summary>
    public static Ending Http(int status) => new("http", status);

    public static Ending Reset(uint error) => new("reset", error);

    /// <summary>A ping came back: the server has read all that was sent before it.</summary>
    public static Ending Pong => new("pong", 0);

    public static Ending Gone(long error) => new("connection gone", error);

    public override string ToString() => Kind == "status" ? $"{(StatusCode)Code}" : $"{Kind} {Code}";
}
