using Containerd.Snapshots.Tests.Hostile.Fixtures;
using Containerd.Snapshots.Tests.Hostile.Http2;
using Containerd.Snapshots.Tests.Hostile.Inputs;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Hostile;

/// <summary>Messages that would be large when decompressed.</summary>
internal sealed class CompressionTests : HostileTest
{
    // Compressed to a thousandth, the bomb fits HTTP/2's smallest window and is sent at once. The server may hold it a
    // few times, but nothing near its decompressed size.
    private const int Megabytes = 60, MoreMemory = 32 << 10;

    [TestCase("gzip", StatusCode.Unimplemented)]
    [TestCase("deflate", StatusCode.Unimplemented)]
    [TestCase("unknown", StatusCode.Unimplemented)]
    [TestCase("identity", StatusCode.Internal)]
    public async Task A_bomb_is_refused_and_never_decompressed(string encoding, StatusCode code)
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
