using Containerd.Snapshots.Tests.Hostile.Fixtures;
using Containerd.Snapshots.Tests.Hostile.Http2;
using Containerd.Snapshots.Tests.Hostile.Inputs;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Hostile;

/// <summary>Messages that would be large if anybody unpacked them.</summary>
internal sealed class CompressionTests : HostileTest
{
    // Packed a thousand times, the bomb fits the smallest window of HTTP/2, so that it is sent at once. It may be a few times
    // on its way through the server, and nothing near what it would become.
    private const int Megabytes = 60, MoreMemory = 32 << 10;

    [TestCase("gzip", StatusCode.Unimplemented)]
    [TestCase("deflate", StatusCode.Unimplemented)]
    [TestCase("unknown", StatusCode.Unimplemented)]
    [TestCase("identity", StatusCode.Internal)]
    public async Task A_bomb_is_refused_and_never_unpacked(string encoding, StatusCode code)
    {
        var before = Server.PeakMemory();
        await using var connection = await Http2Connection.OpenAsync(Server.SocketPath);
        var (stream, body) = (connection.NextStream(), Request.Body(Bomb.Gzip(Megabytes), flag: 1));
        var ending = connection.EndingOf(stream);

        await connection.SendAsync(new FrameWriter().Headers(stream, Request.Head("Prepare").Add("grpc-encoding", encoding).Written).Data(stream, body));

        Assert.Multiple(async () =>
        {
            Assert.That(await Eventually.Within(ending), Is.EqualTo(Ending.Status(code)));
            Assert.That(Server.PeakMemory(), Is.LessThan(before + MoreMemory), "peak of resident memory, in kB");
        });
    }
}
