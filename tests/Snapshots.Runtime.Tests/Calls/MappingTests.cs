using Containerd.Snapshots.Tests.Fixtures;
using Containerd.Snapshots.Wire;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Calls;

/// <summary>Requests reach methods, and results reach clients, unchanged.</summary>
internal sealed class MappingTests
{
    private static readonly DateTimeOffset Created = new(2026, 2, 3, 4, 5, 6, 789, TimeSpan.Zero);

    private static readonly SnapshotInfo Info = new()
    {
        Name = "sha256:1",
        Kind = SnapshotKind.Committed,
        Parent = "sha256:0",
        CreatedAt = Created,
        UpdatedAt = Created.AddTicks(1),
        Labels = new Dictionary<string, string> { ["containerd.io/gc.root"] = "x", ["ünï"] = "" },
    };

    [Test]
    public async Task Stat_returns_every_value_of_an_info()
    {
        await using var host = await RunningHost.StartAsync(new Scripted { OnStat = _ => Info });

        var info = (await host.Calls.StatAsync(new() { Key = "sha256:1" })).Info;

        Assert.That(info, Is.EqualTo(new Info
        {
            Name = "sha256:1",
            Kind = Kind.Committed,
            Parent = "sha256:0",
            CreatedAt = Timestamp.FromDateTimeOffset(Created),
            UpdatedAt = Timestamp.FromDateTimeOffset(Created.AddTicks(1)),
            Labels = { ["containerd.io/gc.root"] = "x", ["ünï"] = "" },
        }));
    }

    [Test]
    public async Task Update_gets_the_info_and_the_field_paths()
    {
        SnapshotInfo? got = null;
        IReadOnlyList<string>? paths = null;
        await using var host = await RunningHost.StartAsync(new Scripted
        {
            OnUpdate = (info, fieldPaths) =>
            {
                (got, paths) = (info, fieldPaths);
                return info;
            },
        });

        await host.Calls.UpdateAsync(new()
        {
            Info = new()
            {
                Name = "n",
                Parent = "p",
                Kind = Kind.Active,
                CreatedAt = new Timestamp { Seconds = -62135596800 }, // Year 1, as Go's zero time goes over the wire.
                UpdatedAt = Timestamp.FromDateTimeOffset(Created),
                Labels = { ["a"] = "1" },
            },
            UpdateMask = new() { Paths = { "labels.a", "labels.b.c" } },
        });

        Assert.Multiple(() =>
        {
            Assert.That(got, Is.EqualTo(new SnapshotInfo
            {
                Name = "n",
                Parent = "p",
                Kind = SnapshotKind.Active,
                UpdatedAt = Created,
                Labels = new Dictionary<string, string> { ["a"] = "1" },
            }));
            Assert.That(paths, Is.EqualTo(new[] { "labels.a", "labels.b.c" }));
        });
    }

    [Test]
    public async Task Prepare_gets_its_arguments_and_returns_mounts_in_order()
    {
        PrepareArguments? got = null;
        await using var host = await RunningHost.StartAsync(new Scripted
        {
            OnPrepare = arguments =>
            {
                got = arguments;
                return Task.FromResult(SnapshotResult.Of<IReadOnlyList<Mount>>([Mount.Bind("/1"), new() { Type = "t", Source = "s", Target = "sub", Options = ["a", "b=c,d"] }]));
            },
        });

        var response = await host.Calls.PrepareAsync(new() { Key = "k8s.io/7/extract-1 sha256:ab", Parent = "p", Labels = { ["a"] = "1", ["empty"] = "" } });

        Assert.Multiple(() =>
        {
            Assert.That(got!.Key, Is.EqualTo("k8s.io/7/extract-1 sha256:ab"));
            Assert.That(got.Parent, Is.EqualTo("p"));
            Assert.That(got.Labels, Is.EquivalentTo(new Dictionary<string, string> { ["a"] = "1", ["empty"] = "" }));
            Assert.That(response.Mounts, Is.EqualTo(new Wire.Mount[]
            {
                new() { Type = "bind", Source = "/1", Options = { "rw", "rbind" } },
                new() { Type = "t", Source = "s", Target = "sub", Options = { "a", "b=c,d" } },
            }));
        });
    }

    [Test]
    public async Task Commit_gets_its_arguments()
    {
        CommitArguments? got = null;
        await using var host = await RunningHost.StartAsync(new Scripted
        {
            OnCommit = arguments =>
            {
                got = arguments;
                return SnapshotResult.Success;
            },
        });

        await host.Calls.CommitAsync(new() { Name = "n", Key = "k", Parent = "p", Labels = { ["a"] = "1" } });

        Assert.Multiple(() =>
        {
            Assert.That((got!.Name, got.Key, got.Parent), Is.EqualTo(("n", "k", "p")));
            Assert.That(got.Labels, Is.EquivalentTo(new Dictionary<string, string> { ["a"] = "1" }));
        });
    }

    [Test]
    public async Task Usage_returns_bytes_and_inodes()
    {
        await using var host = await RunningHost.StartAsync(new Scripted { OnUsage = _ => new(1L << 40, 7) });

        Assert.That(await host.Calls.UsageAsync(new() { Key = "k" }), Is.EqualTo(new UsageResponse { Size = 1L << 40, Inodes = 7 }));
    }

    [Test]
    public async Task The_context_has_the_caller_s_data_and_stays_valid()
    {
        SnapshotContext? context = null;
        await using var host = await RunningHost.StartAsync(new Scripted
        {
            OnPrepare = arguments =>
            {
                context = arguments.Context;
                return Task.FromResult(SnapshotResult.Of<IReadOnlyList<Mount>>([]));
            },
        });

        var deadline = DateTime.UtcNow.AddMinutes(5);
        var headers = new Metadata { { "containerd-namespace", "k8s.io" }, { "containerd-lease", "lease-1" } };
        await host.Calls.PrepareAsync(new() { Snapshotter = "fast", Key = "k" }, headers, deadline);

        Assert.Multiple(() =>
        {
            Assert.That(context!.Snapshotter, Is.EqualTo("fast"));
            Assert.That(context.Namespace, Is.EqualTo("k8s.io"));
            Assert.That(context.Lease, Is.EqualTo("lease-1"));
            Assert.That(context.Deadline, Is.EqualTo(new DateTimeOffset(deadline)).Within(TimeSpan.FromSeconds(5)));
            Assert.That(context.PeerUid, Is.EqualTo(Uid()));
        });
    }

    [Test]
    public async Task The_context_of_a_call_without_headers_has_no_namespace_or_lease_and_the_host_s_deadline()
    {
        SnapshotContext? context = null;
        await using var host = await RunningHost.StartAsync(new Scripted
        {
            OnPrepare = arguments =>
            {
                context = arguments.Context;
                return Task.FromResult(SnapshotResult.Of<IReadOnlyList<Mount>>([]));
            },
        });

        await host.Calls.PrepareAsync(new() { Key = "k" });

        Assert.That(context! with { Deadline = null }, Is.EqualTo(new SnapshotContext { PeerUid = Uid() }));
        Assert.That(context.Deadline, Is.EqualTo(DateTimeOffset.UtcNow.AddMinutes(30)).Within(TimeSpan.FromMinutes(1)));
    }

    [Test]
    public async Task Labels_of_megabytes_pass_unchanged_both_ways()
    {
        var large = new string('x', 7 << 20);
        await using var host = await RunningHost.StartAsync(new Scripted { OnUpdate = (info, _) => info });

        var response = await host.Calls.UpdateAsync(new() { Info = new() { Name = "n", Labels = { ["a"] = large, ["b"] = large } } });

        Assert.That(response.Info.Labels, Is.EquivalentTo(new Dictionary<string, string> { ["a"] = large, ["b"] = large }));
    }

    [Test]
    public async Task Unknown_fields_of_a_request_are_ignored()
    {
        await using var host = await RunningHost.StartAsync(new Scripted { OnStat = key => new() { Name = key, Kind = SnapshotKind.Active } });

        byte[] newer = [.. Google.Protobuf.MessageExtensions.ToByteArray(new StatSnapshotRequest { Key = "k" }), 0xFA, 0x07, 0x03, 1, 2, 3];
        var request = StatSnapshotRequest.Parser.ParseFrom(newer);
        Assume.That(Google.Protobuf.MessageExtensions.ToByteArray(request), Is.EqualTo(newer));

        Assert.That((await host.Calls.StatAsync(request)).Info.Name, Is.EqualTo("k"));
    }

    private static uint Uid()
    {
        var line = File.ReadLines("/proc/self/status").Single(each => each.StartsWith("Uid:", StringComparison.Ordinal));
        return uint.Parse(line.Split('\t')[2], System.Globalization.CultureInfo.InvariantCulture);
    }
}
