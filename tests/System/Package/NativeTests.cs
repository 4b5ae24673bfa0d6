using Containerd.Snapshots.Tests.Client;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Package;

/// <summary>The guide's console app as a native binary, in the newest C#.</summary>
internal sealed class NativeTests
{
    [Test]
    public async Task It_publishes_without_a_warning_and_answers()
    {
        var user = new UserFolder()
            .Project("Native", $"{ConsoleTests.Settings}\n    <LangVersion>latest</LangVersion>\n    <PublishAot>true</PublishAot>")
            .File("Native/Program.cs", Sources.Program)
            .File("Native/Example.cs", Sources.Example);

        var published = await user.PublishAsync("Native", "-c", "Release", "-o", user.PathOf("out"));
        Assert.That(published.Diagnostics(), Is.Empty, published.ToString());
        published.AssertSucceeded();

        // Not in the user's folder: the path of a Unix socket has at most 107 bytes.
        var folder = Directory.CreateTempSubdirectory("native-");
        try
        {
            await AssertAnswersAsync(user.PathOf("out/example-snapshotter"), folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task AssertAnswersAsync(string binary, string folder)
    {
        var socket = Path.Combine(folder, "s");
        await using var daemon = await Daemon.StartAsync(
            "the published snapshotter", ["bash", "-c", "\"$@\"; exit $?", "bash"], [binary, socket, "--root", Path.Combine(folder, "root")]);
        await daemon.WaitUntilAsync("it listens", () => Task.FromResult(File.Exists(socket)));
        using var client = new SnapshotsClient(socket);

        var info = client.Calls.Stat(new() { Key = "base" }).Info;

        Assert.That(info.Name, Is.EqualTo("base"));
        Rpc.Fails(StatusCode.NotFound, () => client.Calls.Stat(new() { Key = "missing" }));
    }
}
