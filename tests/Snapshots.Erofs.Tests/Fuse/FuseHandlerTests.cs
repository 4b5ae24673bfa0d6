using System.Buffers.Binary;
using Containerd.Snapshots.Erofs.Fuse;
using Containerd.Snapshots.Tests.Erofs.Lazy;

namespace Containerd.Snapshots.Tests.Erofs.Fuse;

/// <summary>Answers to requests, without a device. SNAPSHOTS_FUSE_REQUESTS is the number of hostile ones.</summary>
internal sealed class FuseHandlerTests
{
    private const int HeaderLength = 40, NoSystemCall = -38, NoSuchFile = -2, InvalidArgument = -22;

    private static readonly int Count = int.TryParse(Environment.GetEnvironmentVariable("SNAPSHOTS_FUSE_REQUESTS"), out var count) ? count : 100_000;

    private readonly byte[] _reply = new byte[FuseHandler.ReplyLength];
    private TestLayer _layer = null!;
    private FuseHandler _handler = null!;

    [SetUp]
    public void Begin()
    {
        _layer = TestLayer.Create([100_000, 5]);
        var files = new FuseFiles();
        files.Add("layer", _layer.Image);
        _handler = new(files);
    }

    [TearDown]
    public async Task EndAsync() => await _layer.DisposeAsync();

    [Test]
    public void Hostile_requests_are_answered_within_bounds()
    {
        var random = new Random(6);
        var valid = Valid();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var kinds = new int[5];
        for (var i = 0; i < Count; i++)
        {
            var message = Mutate(random, valid);
            var answer = _handler.Answer(message, _reply);

            kinds[(int)answer.Kind]++;
            if (answer.Kind is not (FuseAnswerKind.Reply or FuseAnswerKind.Content))
                continue;

            var (length, error) = (BinaryPrimitives.ReadInt32LittleEndian(_reply), BinaryPrimitives.ReadInt32LittleEndian(_reply.AsSpan(4)));
            if (length != answer.Length || length < 16 || length > _reply.Length || error is > 0 or < -200 || (error != 0 && length != 16))
                Assert.Fail($"request {i}: {length} bytes, error {error}, for {Convert.ToHexString(message)}");
        }

        Assert.That(kinds, Has.All.GreaterThan(Count / 1000), "each kind of answer");
        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(16 << 20));
    }

    [TestCase(7, 45, 40)]
    [TestCase(7, 40, 40)]
    [TestCase(7, 31, 31)]
    public void Kernel_and_server_agree_on_a_version(int major, int minor, int agreed)
    {
        var (error, body) = Answer(Init(major, minor, uint.MaxValue, uint.MaxValue));

        Assert.That((error, Number(body, 0), Number(body, 4)), Is.EqualTo((0, 7u, (uint)agreed)));
        Assert.That(Number(body, 8), Is.EqualTo(1 << 20), "read-ahead");
        Assert.That(BinaryPrimitives.ReadUInt16LittleEndian(body.AsSpan(28)), Is.EqualTo((1 << 20) / Environment.SystemPageSize), "pages of a read");
        Assert.That(FuseSession.Load(_handler.Session!.Save()), Is.EqualTo(_handler.Session));
        Assert.That(_handler.Session!.Resends, Is.True);
    }

    [Test]
    public void Kernels_of_other_versions()
    {
        Assert.That(Answer(Init(8, 0, 0, 0)).Error, Is.Zero, "it asks again with 7");
        Assert.That(_handler.Session, Is.Null);
        Assert.That(Answer(Init(7, 12, 0, 0)).Error, Is.EqualTo(-71));
        Assert.That(Answer(Init(7, 31, 1, 0)).Error, Is.Zero);
        Assert.That(_handler.Session!.Resends, Is.False);
    }

    [Test]
    public void States_that_are_damaged_or_newer()
    {
        var saved = new FuseSession(40, 1).Save();
        Assert.That(() => FuseSession.Load(saved.AsSpan(0, 10)), Throws.InstanceOf<InvalidDataException>());
        saved[4] = 2;
        Assert.That(() => FuseSession.Load(saved), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("has version 2"));
    }

    [Test]
    public void What_is_not_known_is_not_implemented()
    {
        foreach (var opcode in (uint[])[0, 5, 8, 16, 22, 25, 30, 46, 51, 4096, uint.MaxValue])
            Assert.That(Answer(Message(opcode, 1, new byte[64])).Error, Is.EqualTo(NoSystemCall), $"{opcode}");
    }

    [Test]
    public void Files_that_are_missing() => Assert.Multiple(() =>
    {
        Assert.That(Answer(Message(1, 1, "other\0"u8)).Error, Is.EqualTo(NoSuchFile));
        Assert.That(Answer(Message(1, 1, "layer"u8)).Error, Is.EqualTo(NoSuchFile), "without a zero at its end");
        Assert.That(Answer(Message(1, 1, "\0"u8)).Error, Is.EqualTo(NoSuchFile));
        Assert.That(Answer(Message(1, 77, "layer\0"u8)).Error, Is.EqualTo(NoSuchFile));
        Assert.That(Answer(Message(3, 77, [])).Error, Is.EqualTo(NoSuchFile));
        Assert.That(Answer(Message(14, 77, new byte[8])).Error, Is.EqualTo(NoSuchFile));
        Assert.That(Answer(Read(77, 0, 10)).Error, Is.EqualTo(NoSuchFile));
    });

    [Test]
    public void Reads_of_impossible_ranges() => Assert.Multiple(() =>
    {
        var node = Node();
        Assert.That(Answer(Read(node, -1, 10)).Error, Is.EqualTo(InvalidArgument));
        Assert.That(Answer(Read(node, 0, -1)).Error, Is.EqualTo(InvalidArgument));
        Assert.That(Answer(Read(node, long.MaxValue, 10)).Error, Is.EqualTo(InvalidArgument));
        Assert.That(Answer(Read(node, 0, (1 << 20) + 1)).Error, Is.EqualTo(InvalidArgument));
        Assert.That(Answer(Message(15, node, new byte[39])).Error, Is.EqualTo(InvalidArgument));
        Assert.That(Answer(Read(node, 1L << 60, 4096)), Is.EqualTo((0, Array.Empty<byte>())), "behind the end");
    });

    [Test]
    public async Task Content_that_is_there_is_answered_at_once()
    {
        var node = Node();
        Assert.That(Answer(Read(node, 1024, 100)).Body, Is.EqualTo(_layer.Expected(1024, 100)), "the superblock");
        Assert.That(_handler.Answer(Read(node, 4096, 100), _reply).Kind, Is.EqualTo(FuseAnswerKind.Wait));

        await _layer.ReadAsync(4096, 10);

        Assert.That(Answer(Read(node, 4096, 100)).Body, Is.EqualTo(_layer.Expected(4096, 100)));
    }

    private List<byte[]> Valid()
    {
        var node = Node();
        return
        [
            Init(7, 40, uint.MaxValue, uint.MaxValue), Message(1, 1, "layer\0"u8), Message(1, 1, "other\0"u8), Message(2, node, new byte[8]), Message(3, node, new byte[16]),
            Message(3, 1, new byte[16]), Message(14, node, new byte[8]), Read(node, 0, 4096), Read(node, 4096, 1 << 20), Read(node, 1 << 30, 4096), Message(17, node, []),
            Message(18, node, new byte[24]), Message(27, 1, new byte[8]), Message(28, 1, Read(1, 0, 4096)[HeaderLength..]), Message(29, 1, new byte[24]), Message(36, 0, new byte[8]),
            Message(38, 0, []), Message(42, 0, new byte[24]), Message(22, node, "\0\0\0\0user.x\0"u8),
        ];
    }

    private static byte[] Mutate(Random random, List<byte[]> valid)
    {
        var message = valid[random.Next(valid.Count)].ToArray();
        for (var changes = random.Next(4); changes > 0 && message.Length > 0; changes--)
        {
            var at = random.Next(message.Length);
            switch (random.Next(6))
            {
                case 0:
                    message = message[..at];
                    break;
                case 1:
                    message = [.. message, .. new byte[random.Next(64)]];
                    break;
                case 2:
                    random.NextBytes(message.AsSpan(at, Math.Min(random.Next(1, 9), message.Length - at)));
                    break;
                case 3 when message.Length >= HeaderLength:
                    BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(4), (uint)random.Next(60));
                    break;
                case 4 when message.Length >= 64:
                    BinaryPrimitives.WriteInt64LittleEndian(message.AsSpan(48), random.NextInt64() >> random.Next(64));
                    break;
                default:
                    message[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        if (message.Length >= 4 && random.Next(20) > 0)
            BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        return message;
    }

    private (int Error, byte[] Body) Answer(byte[] message)
    {
        var answer = _handler.Answer(message, _reply);
        Assert.That(answer.Kind, Is.EqualTo(FuseAnswerKind.Reply).Or.EqualTo(FuseAnswerKind.Content));
        Assert.That(BinaryPrimitives.ReadInt32LittleEndian(_reply), Is.EqualTo(answer.Length));
        return (BinaryPrimitives.ReadInt32LittleEndian(_reply.AsSpan(4)), _reply[16..answer.Length]);
    }

    private ulong Node() => BinaryPrimitives.ReadUInt64LittleEndian(Answer(Message(1, 1, "layer\0"u8)).Body);

    private static uint Number(byte[] body, int at) => BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(at));

    private static byte[] Init(int major, int minor, uint flags, uint moreFlags)
    {
        var body = new byte[64];
        BinaryPrimitives.WriteInt32LittleEndian(body, major);
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(4), minor);
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(8), 8 << 20);
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(12), flags);
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(16), moreFlags);
        return Message(26, 0, body);
    }

    private static byte[] Read(ulong node, long offset, int length)
    {
        var body = new byte[40];
        BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan(8), offset);
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(16), length);
        return Message(15, node, body);
    }

    private static byte[] Message(uint opcode, ulong node, ReadOnlySpan<byte> body)
    {
        var message = new byte[HeaderLength + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(4), opcode);
        BinaryPrimitives.WriteUInt64LittleEndian(message.AsSpan(8), 123);
        BinaryPrimitives.WriteUInt64LittleEndian(message.AsSpan(16), node);
        body.CopyTo(message.AsSpan(HeaderLength));
        return message;
    }
}
