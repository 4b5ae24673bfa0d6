using Containerd.Snapshots.Tests.Client;
using Containerd.Snapshots.Tests.Fixtures;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Tests.AspNetCore;

/// <summary>Snapshotters in a user's ASP.NET Core app.</summary>
internal sealed class WebAppTests
{
    private DirectoryInfo _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("snap-");

    [TearDown]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    private string SocketPath => Path.Combine(_folder.FullName, "test.sock");

    [Test]
    public async Task A_snapshotter_is_served_beside_other_endpoints()
    {
        var builder = CreateBuilder();
        builder.Services.AddSnapshotter(_ => new Scripted { OnStat = key => new() { Name = key, Kind = SnapshotKind.Active } });
        await using var app = builder.Build();
        app.MapGet("/", () => "hello");
        app.MapSnapshotter<Scripted>();
        await app.StartAsync();

        using var client = new SnapshotsClient(SocketPath);

        Assert.That(client.Calls.Stat(new() { Snapshotter = "any", Key = "k" }).Info.Name, Is.EqualTo("k"));
    }

    [Test]
    public async Task A_snapshotter_is_made_by_the_app_s_services()
    {
        var builder = CreateBuilder();
        builder.Services.AddSingleton(new Dependency("from the services"));
        builder.Services.AddSnapshotter<Dependent>();
        await using var app = builder.Build();
        app.MapSnapshotter<Dependent>();
        await app.StartAsync();

        using var client = new SnapshotsClient(SocketPath);

        Assert.That(client.Calls.Stat(new() { Key = "k" }).Info.Parent, Is.EqualTo("from the services"));
    }

    [Test]
    public void A_class_of_another_language_is_refused()
    {
#pragma warning disable SNAP0042 // The compilers of other languages have no such rule.
        Assert.That(() => CreateBuilder().Services.AddSnapshotter<object>(), Throws.InvalidOperationException.With.Message.Contains("C# only"));
#pragma warning restore SNAP0042
    }

    [Test]
    public async Task Several_snapshotters_are_distinguished_by_name()
    {
        var builder = CreateBuilder();
        builder.Services.AddSingleton(new Dependency("dependent"));
        builder.Services.AddSnapshotter<Dependent>().AddSnapshotter(_ => new Scripted());
        await using var app = builder.Build();
        app.MapSnapshotter<Dependent>("a");
        app.MapSnapshotter<Scripted>("b");
        await app.StartAsync();

        using var client = new SnapshotsClient(SocketPath);

        Assert.Multiple(() =>
        {
            Assert.That(client.Calls.Stat(new() { Snapshotter = "a", Key = "k" }).Info.Parent, Is.EqualTo("dependent"));
            Assert.That(() => client.Calls.Remove(new() { Snapshotter = "b", Key = "k" }), Throws.Nothing);
            Rpc.Fails(StatusCode.NotFound, () => client.Calls.Remove(new() { Snapshotter = "c", Key = "k" }), "snapshotter \"c\" is not served here, only a, b");
        });
    }

    [Test]
    public async Task Two_snapshotters_with_one_name_are_refused()
    {
        var builder = CreateBuilder();
        builder.Services.AddSnapshotter(_ => new Scripted());
        await using var app = builder.Build();
        app.MapSnapshotter<Scripted>("a");

        Assert.That(() => app.MapSnapshotter<Scripted>("a"), Throws.InvalidOperationException.With.Message.EqualTo("Two snapshotters have the name \"a\": give each its own."));
    }

    [Test]
    public async Task A_call_s_context_has_the_user_of_its_peer()
    {
        uint? uid = null;
        var builder = CreateBuilder();
        builder.Services.AddSnapshotter(_ => new Scripted
        {
            OnPrepare = arguments =>
            {
                uid = arguments.Context.PeerUid;
                return Task.FromResult(SnapshotResult.Of<IReadOnlyList<Mount>>([]));
            },
        });
        await using var app = builder.Build();
        app.MapSnapshotter<Scripted>();
        await app.StartAsync();

        using var client = new SnapshotsClient(SocketPath);
        client.Calls.Prepare(new() { Key = "k" });

        Assert.That(uid, Is.Not.Null);
    }

    [Test]
    public async Task A_second_snapshotter_beside_one_without_a_name_is_refused()
    {
        var builder = CreateBuilder();
        builder.Services.AddSnapshotter(_ => new Scripted());
        await using var app = builder.Build();
        app.MapSnapshotter<Scripted>();

        Assert.That(() => app.MapSnapshotter<Scripted>("b"), Throws.InvalidOperationException.With.Message.Contains("to serve several, give each a name"));
    }

    [Test]
    public void A_class_that_was_not_added_is_named()
    {
        var app = CreateBuilder().Build();

        Assert.That(() => app.MapSnapshotter<Scripted>(), Throws.InvalidOperationException.With.Message.Contains("AddSnapshotter<Scripted>()"));
    }

    [Test]
    public void A_class_cannot_be_added_twice()
    {
        var services = new ServiceCollection();
        services.AddSnapshotter(_ => new Scripted());

        Assert.That(() => services.AddSnapshotter(_ => new Scripted()), Throws.InvalidOperationException.With.Message.Contains("Scripted"));
    }

    private WebApplicationBuilder CreateBuilder()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(SocketPath, listen => listen.Protocols = HttpProtocols.Http2));
        return builder;
    }
}

internal sealed record Dependency(string Text);

[Snapshotter]
internal sealed partial class Dependent(Dependency dependency)
{
    public SnapshotInfo Stat(string key) => new() { Name = key, Kind = SnapshotKind.Committed, Parent = dependency.Text };
}
