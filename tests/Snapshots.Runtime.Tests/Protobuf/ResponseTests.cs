using Containerd.Snapshots.CompilerServices;
using Containerd.Snapshots.Runtime.Wire;
using Containerd.Snapshots.Wire;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Containerd.Snapshots.Tests.Protobuf;

/// <summary>Messages are written as Google's library writes them, byte for byte.</summary>
internal sealed class ResponseTests
{
    private const int Inputs = 3000, Seed = 20261125;

    [Test]
    public void An_info_is_written_as_Google_writes_it()
    {
        var random = new Random(Seed);
        var messages = new RandomMessages(random);
        for (var i = 0; i < Inputs; i++)
        {
            var labels = new Dictionary<string, string>();
            messages.AddLabels(labels);
            var info = new SnapshotInfo
            {
                Name = messages.Text(),
                Parent = messages.Text(),
                Kind = (SnapshotKind)random.Next(4),
                CreatedAt = Time(random),
                UpdatedAt = Time(random),
                Labels = labels,
            };

            using var output = new WireWriter();
            InfoMessage.Write(1, info, output);

            var expected = new StatSnapshotResponse { Info = ToWire(info) };
            Assert.That(output.Written.ToArray(), Is.EqualTo(expected.ToByteArray()), info.ToString());
        }
    }

    [Test]
    public void A_mount_is_written_as_Google_writes_it()
    {
        var messages = new RandomMessages(new Random(Seed));
        for (var i = 0; i < Inputs; i++)
        {
            var mount = new Mount { Type = messages.Text(), Source = messages.Text(), Target = messages.Text(), Options = [messages.Text(), messages.Text()] };

            using var output = new WireWriter();
            MountMessage.Write(1, mount, output);

            var expected = new MountsResponse { Mounts = { new Wire.Mount { Type = mount.Type, Source = mount.Source, Target = mount.Target, Options = { mount.Options } } } };
            Assert.That(output.Written.ToArray(), Is.EqualTo(expected.ToByteArray()), mount.ToString());
        }
    }

    [TestCase(0, 0)]
    [TestCase(4096, 10)]
    [TestCase(long.MaxValue, -1)]
    public void A_usage_is_written_as_Google_writes_it(long size, long inodes)
    {
        var call = new CompilerServices.UsageCall();
        Assert.That(call.Reply(new SnapshotUsage(size, inodes)).IsCompletedSuccessfully);

        using var output = new WireWriter();
        call.Write(output);

        Assert.That(output.Written.ToArray(), Is.EqualTo(new UsageResponse { Size = size, Inodes = inodes }.ToByteArray()));
    }

    // A message's length is inserted after the message is written. That must work around each size of a buffer and of the length.
    [Test]
    public void Messages_of_every_length_are_written_whole()
    {
        for (var length = 0; length < 3000; length++)
        {
            using var output = new WireWriter();
            var before = new string('a', length / 2);
            output.Text(2, before);
            var message = output.Begin(1);
            output.Text(1, new string('b', length));
            output.End(message);


            using var stream = new MemoryStream();
            using (var google = new CodedOutputStream(stream, leaveOpen: true))
            {
                if (before.Length > 0)
                {
                    google.WriteTag(2, WireFormat.WireType.LengthDelimited);
                    google.WriteString(before);
                }

                google.WriteTag(1, WireFormat.WireType.LengthDelimited);
                google.WriteMessage(new Info { Name = new string('b', length) });
            }

            Assert.That(output.Written.ToArray(), Is.EqualTo(stream.ToArray()), $"length {length}");
        }
    }

    private static DateTimeOffset Time(Random random) => random.Next(4) switch
    {
        0 => default,
        1 => DateTimeOffset.MaxValue,
        2 => DateTimeOffset.UnixEpoch.AddTicks(random.Next(-10_000_000, 10_000_000)),
        _ => new DateTimeOffset(random.NextInt64(DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero),
    };

    private static Info ToWire(SnapshotInfo info)
    {
        var wire = new Info
        {
            Name = info.Name,
            Parent = info.Parent,
            Kind = (Kind)info.Kind,
            CreatedAt = Timestamp.FromDateTimeOffset(info.CreatedAt),
            UpdatedAt = Timestamp.FromDateTimeOffset(info.UpdatedAt),
        };
        wire.Labels.Add(info.Labels.ToDictionary(label => label.Key, label => label.Value));
        return wire;
    }
}
