using System.Text.RegularExpressions;
using Containerd.Snapshots.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Package;

/// <summary>The snapshotter and the content of docs/store.md, as a reader of the guide builds them from the packages.</summary>
internal sealed partial class StoreGuideTests
{
    private static readonly Lazy<Task<string>> Built = new(BuildAsync);

    private DirectoryInfo _folder = null!;

    private string Root => Path.Combine(_folder.FullName, "root");

    [SetUp]
    public void MakeFolder()
    {
        Tools.Require();
        _folder = Directory.CreateTempSubdirectory("guide-");
    }

    [TearDown]
    public void DeleteFolder() => _folder?.Delete(recursive: true);

    [TestCase("overlay")]
    [TestCase("copies")]
    public async Task It_keeps_what_it_stores_and_frees_what_is_removed(string content)
    {
        await using (var first = await StartAsync(content))
        {
            WriteLayer(first, "base", "");
            WriteLayer(first, "top", "base");
            first.Calls.Remove(new() { Key = "top" });
            await first.StopAsync("KILL");
        }

        await using var second = await StartAsync(content);
        second.Calls.Cleanup(new());

        Assert.Multiple(() =>
        {
            Assert.That(second.Calls.Stat(new() { Key = "base" }).Info.Kind, Is.EqualTo(Kind.Committed));
            Assert.That(second.Calls.Usage(new() { Key = "base" }).Inodes, Is.EqualTo(2));
            Assert.That(Directory.GetFiles(Root, "from-*", SearchOption.AllDirectories).Select(Path.GetFileName), Is.EqualTo(new[] { "from-base" }));
        });
    }

    [TestCase("overlay")]
    [TestCase("copies")]
    public async Task Without_its_store_it_is_refused_and_loses_nothing(string content)
    {
        await using (var first = await StartAsync(content))
        {
            WriteLayer(first, "base", "");
            await first.StopAsync("KILL");
        }

        foreach (var file in Directory.GetFiles(Root, "metadata.db*", SearchOption.AllDirectories))
            File.Delete(file);

        var refused = await Command.RunAsync([await Built.Value, Path.Combine(_folder.FullName, "test.sock"), "--root", Root, "--content", content]);

        Assert.Multiple(() =>
        {
            Assert.That(refused.ExitCode, Is.Not.Zero);
            Assert.That(refused.Error, Does.Contain("is missing, but there is content of snapshots"));
            Assert.That(Directory.GetFiles(Root, "from-base", SearchOption.AllDirectories), Has.Length.EqualTo(1));
        });
    }

    [Test]
    public async Task The_snapshotter_with_a_quota_refuses_one_snapshot_too_many()
    {
        await using var process = await StartAsync("quota");
        WriteLayer(process, "base", "");
        foreach (var key in (string[])["first", "second"])
            process.Calls.Prepare(new() { Key = key, Parent = "base" });

        Rpc.Fails(StatusCode.ResourceExhausted, () => process.Calls.Prepare(new() { Key = "third", Parent = "base" }), "2 active snapshots");
        Assert.That(process.Calls.View(new() { Key = "view", Parent = "base" }).Mounts, Has.Count.EqualTo(1));
    }

    private async Task<NativeProcess> StartAsync(string content) =>
        await NativeProcess.StartAsync(await Built.Value, Path.Combine(_folder.FullName, "test.sock"), Root, "--content", content);

    private static void WriteLayer(NativeProcess process, string name, string parent)
    {
        var mount = process.Calls.Prepare(new() { Key = $"{name}-key", Parent = parent }).Mounts.Single();
        var directory = mount.Type == "bind" ? mount.Source : mount.Options.Single(option => option.StartsWith("upperdir=", StringComparison.Ordinal))["upperdir=".Length..];
        File.WriteAllText(Path.Combine(directory, $"from-{name}"), name);
        process.Calls.Commit(new() { Name = name, Key = $"{name}-key" });
    }

    private static async Task<string> BuildAsync()
    {
        var user = new UserFolder().Project(
            "Guide",
            "    <OutputType>Exe</OutputType>",
            $"""
            <PackageReference Include="Snapshots.Hosting" Version="{PackedPackage.Version}" />
                <PackageReference Include="Snapshots.Overlay" Version="{PackedPackage.Version}" />
            """);

        string[] code = [.. CodeBlock().Matches(await File.ReadAllTextAsync(Repository.PathOf("docs/store.md"))).Select(match => match.Groups[1].Value)];
        var example = code.Single(block => block.Contains("class Example", StringComparison.Ordinal));
        user.File("Guide/Example.cs", example);
        user.File("Guide/Copies.cs", $"using Containerd.Snapshots;\nusing Containerd.Snapshots.Storage;\n{code.Single(block => block.Contains("class Copies", StringComparison.Ordinal))}");
        user.File("Guide/WithQuota.cs", $"{example[..example.IndexOf("[Snapshotter]", StringComparison.Ordinal)]}{code.Single(block => block.Contains("class WithQuota", StringComparison.Ordinal))}");
        user.File("Guide/OnCopies.cs", example
            .Replace("class Example", "class OnCopies", StringComparison.Ordinal)
            .Replace("OverlayContent.Open(root)", "new Copies(root)", StringComparison.Ordinal));
        user.File("Guide/Program.cs", """
            using System.CommandLine;
            using Containerd.Snapshots;

            var content = new Option<string>("--content");
            var builder = SnapshotterHost.CreateBuilder(args).AddOption(content);
            return await (args.Contains("copies")
                ? builder.AddSnapshotter(host => new OnCopies(host.Root, host.Logger))
                : args.Contains("quota") ? builder.AddSnapshotter(host => new WithQuota(host.Root, maxActive: 2, host.Logger))
                : builder.AddSnapshotter(host => new Example(host.Root, host.Logger))).RunAsync();

            """);

        var built = await user.BuildAsync("Guide", "-o", user.PathOf("out"));
        Assert.That(built.Diagnostics(), Is.Empty, built.ToString());
        built.AssertSucceeded();
        return user.PathOf("out/Guide");
    }

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();
}
