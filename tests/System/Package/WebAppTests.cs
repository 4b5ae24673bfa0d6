using System.Text.Json;
using Containerd.Snapshots.Tests.Client;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Package;

/// <summary>A user's own ASP.NET Core app, with the runtime alone.</summary>
internal sealed class WebAppTests
{
    private const string Program = """
        using Containerd.Snapshots;
        using Microsoft.AspNetCore.Builder;
        using Microsoft.AspNetCore.Hosting;
        using Microsoft.AspNetCore.Server.Kestrel.Core;
        using Microsoft.Extensions.DependencyInjection;
        using Microsoft.Extensions.Logging.Abstractions;
        using User;

        // Not the current folder, which may be the root: its whole tree would be watched for changes of appsettings.json.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = args[1] });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(args[0], listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddSnapshotter(_ => new Example(args[1], NullLogger.Instance));

        var app = builder.Build();
        app.MapSnapshotter<Example>();
        await app.RunAsync().ConfigureAwait(false);

        """;

    private readonly string _settings = $"""
            <OutputType>Exe</OutputType>
            <AssemblyName>web-app</AssemblyName>
            <PublishAot>true</PublishAot>
            <NoWarn>CA1515;CA1822</NoWarn>
        {UserFolder.Strict}
        """;

    private UserFolder _user = null!;
    private CommandResult _published = null!;

    [OneTimeSetUp]
    public async Task PublishAsync()
    {
        _user = new UserFolder()
            .Project("Web", _settings, $"""<PackageReference Include="Snapshots.Runtime" Version="{PackedPackage.Version}" />""")
            .File("Web/Program.cs", Program)
            .File("Web/Example.cs", Sources.Example);
        _published = await _user.PublishAsync("Web", "-c", "Release", "-o", _user.PathOf("out"));
    }

    [Test]
    public void It_publishes_natively_without_a_warning()
    {
        Assert.That(_published.Diagnostics(), Is.Empty, _published.ToString());
        _published.AssertSucceeded();
        TestContext.Out.WriteLine($"{new FileInfo(_user.PathOf("out/web-app")).Length:N0} bytes");
    }

    [Test]
    public void It_has_no_command_line_no_TOML_and_no_systemd()
    {
        using var assets = JsonDocument.Parse(File.ReadAllText(_user.PathOf("Web/obj/project.assets.json")));

        var packages = assets.RootElement.GetProperty("libraries").EnumerateObject().Select(library => library.Name.Split('/')[0]).ToList();

        Assert.That(packages, Has.Some.EqualTo("Snapshots.Runtime"));
        Assert.That(packages, Has.None.AnyOf("Snapshots.Hosting", "System.CommandLine", "Tomlyn", "Microsoft.Extensions.Hosting.Systemd"));
    }

    [Test]
    public void It_gets_no_settings_of_a_daemon() =>
        Assert.That(
            File.ReadAllText(Directory.GetFiles(_user.PathOf("Web/bin/Release"), "web-app.runtimeconfig.json", SearchOption.AllDirectories).Single()),
            Does.Not.Contain("System.GC.Gen0MaxBudget").And.Not.Contain("System.GC.RegionSize").And.Not.Contain("UnfairSemaphoreSpinLimit"));

    [Test]
    public async Task It_answers()
    {
        // Not in the user's folder: the path of a Unix socket has at most 107 bytes.
        var folder = Directory.CreateTempSubdirectory("web-");
        try
        {
            var socket = Path.Combine(folder.FullName, "s");
            await using var daemon = await Daemon.StartAsync(
                "the published app", ["bash", "-c", "\"$@\"; exit $?", "bash"], [_user.PathOf("out/web-app"), socket, folder.FullName]);
            await daemon.WaitUntilAsync("it listens", () => Task.FromResult(File.Exists(socket)));
            using var client = new SnapshotsClient(socket);

            Assert.That(client.Calls.Stat(new() { Key = "base" }).Info.Name, Is.EqualTo("base"));
            Rpc.Fails(StatusCode.NotFound, () => client.Calls.Stat(new() { Key = "missing" }));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
