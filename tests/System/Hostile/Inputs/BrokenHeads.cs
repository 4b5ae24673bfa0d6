using Containerd.Snapshots.Tests.Hostile.Http2;

namespace Containerd.Snapshots.Tests.Hostile.Inputs;

/// <summary>Calls with a valid body and hostile metadata.</summary>
internal static class BrokenHeads
{
    private static readonly string[] Timeouts =
        ["0S", "0n", "1n", "99999999999S", "99999999H", "", "-1S", "1x", "S", "1", "1.5S", " 1S", "1S ", "0x1S", "99999999999999999999999S"];

    private static readonly string[] ContentTypes =
        ["", "text/plain", "application/json", "application/grpc+json", "application/grpc-web", "application/grpcx", "application/grpc;charset=x", "multipart/form-data; boundary="];

    private static readonly string[] Paths =
    [
        "/", "*", "", "//", "/../..", "/%00", "/%", "/%zz", "/containerd.services.snapshots.v1.Snapshots", Request.Service, Request.Service + "stat",
        Request.Service + "Stat/", Request.Service + "Stat?x=%00", Request.Service + "Stat#x", Request.Service + "%53tat", "/grpc.health.v1.Health/Check",
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", "http://localhost" + Request.Service + "Stat", Request.Service + "..%2fStat", "\\",
    ];

    private static readonly string[] Names =
        ["grpc-encoding", "grpc-accept-encoding", "grpc-status", "grpc-message", "grpc-tags-bin", "x-bin", "containerd-namespace", "containerd-lease",
         "traceparent", "tracestate", "baggage", "content-length", "expect", "host", "cookie", "upgrade-insecure-requests", "range", "authorization"];

    private static readonly string[] Values =
        ["", "%", "%zz", "====", "a,b,,c", "-1", "18446744073709551616", "00-00000000000000000000000000000000-0000000000000000-00", "\t x \t", "100-continue", "../.."];

    // Forbidden by RFC 9113, section 8: the call is reset, or the connection is closed.
    private static readonly (string Name, string Value)[] Forbidden =
        [("", "x"), ("Upper-Case", "x"), ("with space", "x"), (":unknown", "x"), (":path", "/"), ("connection", "close"), ("transfer-encoding", "chunked"),
         ("te", "gzip"), ("x", "a\r\nb: c"), ("x", "a\0b"), ("a:b", "x"), ("x\xFF", "x")];

    private static readonly (string Kind, Func<Random, string, HeaderBlock> Make)[] Kinds =
    [
        ("grpc-timeout", (random, method) => Request.Head(method).Add("grpc-timeout", random.Pick(Timeouts))),
        ("content type", (random, method) => Request.PseudoHeaders(Request.Service + method).Add("content-type", random.Pick(ContentTypes))),
        ("path", (random, _) => Request.PseudoHeaders(random.Pick(Paths)).Add("content-type", "application/grpc")),
        ("long path", (random, method) => Request.PseudoHeaders($"{Request.Service}{method}{new string('/', random.Next(9000))}").Add("content-type", "application/grpc")),
        ("header", (random, method) => Request.Head(method).Add(random.Pick(Names), random.Pick(Values))),
        ("two headers", (random, method) => Request.Head(method).Add(random.Pick(Names), random.Pick(Values)).Add(random.Pick(Names), random.Pick(Values))),
        ("long header", (random, method) => Request.Head(method).Add(random.Pick(Names), new string('h', random.Next(25_000)))),
        ("many headers", (random, method) => Many(Request.Head(method), random.Next(95))),
    ];

    private static readonly (string Name, string Value)[] Authorities = [(":authority", "localhost"), ("content-type", "application/grpc"), ("te", "trailers")];

    // For these Kestrel closes the connection, which would end other calls, too.
    private static readonly (string Kind, Func<Random, string, HeaderBlock> Make)[] Deadly =
    [
        ("forbidden header", (random, method) => Add(Request.Head(method), random.Pick(Forbidden))),
        ("pseudo headers", PseudoHeaders),
        ("connect", (random, _) => Add(new HeaderBlock().Add(":method", "CONNECT"), random.Pick(Authorities))),
        ("header not ASCII", (random, method) => Request.Head(method).Add(random.Pick(Names), "\xFF\xFE")),
        ("forbidden header first", (random, method) => Add(new(), random.Pick(Forbidden)).Add(":path", method)),
        ("giant header", (random, method) => Request.Head(method).Add("x", new string('g', random.Next(25_000, 200_000)))),
        ("too many headers", (random, method) => Many(Request.Head(method), random.Next(95, 3000))),
    ];

    public static Input Any(Random random)
    {
        var (method, message) = RightCalls.Message(random);
        var isDeadly = random.Next(10) == 0;
        var (kind, make) = random.Pick(isDeadly ? Deadly : Kinds);
        var input = Input.Call(kind, make(random, method), Request.Body(message));
        return isDeadly ? input with { Place = Place.LoneCall } : input;
    }

    private static HeaderBlock PseudoHeaders(Random random, string method)
    {
        string[] methods = ["GET", "PUT", "CONNECT", "OPTIONS", "", "PRI", "POST"], schemes = ["https", "", "ftp", "http"];
        string[] authorities = ["", "/run/test.sock", "localhost:99999", "a b", "[::1", "xn--\xFF", "localhost"];
        return new HeaderBlock()
            .Add(":method", random.Pick(methods))
            .Add(":scheme", random.Pick(schemes))
            .Add(":path", Request.Service + method)
            .Add(":authority", random.Pick(authorities))
            .Add("content-type", "application/grpc");
    }

    private static HeaderBlock Add(HeaderBlock head, (string Name, string Value) header) => head.Add(header.Name, header.Value);

    private static HeaderBlock Many(HeaderBlock head, int count)
    {
        for (; count > 0; count--)
            head.Add($"x-{count}", "1");
        return head;
    }
}
