using Containerd.Snapshots.Wire;

namespace Containerd.Snapshots.Tests.Package;

/// <summary>samples/Overlay as a user's project that references the packages.</summary>
internal sealed class OverlayTests
{
    // The switched-off rules are about the sample's own code: public types, one general catch, missing documentation.
    private const string Settings = $"""
            <OutputType>Exe</OutputType>
            <AssemblyName>overlay-snapshotter</AssemblyName>
            <PublishAot>true</PublishAot>
            <CopyOutputSymbolsToPublishDirectory>false</CopyOutputSymbolsToPublishDirectory>
            <PublishDocumentationFile>false</PublishDocumentationFile>
            <NoWarn>CA1031;CA1062;CA1515;CA2007;CS1591</NoWarn>
        {UserFolder.Strict}
        """;

    private const string InOneFile = "    <StaticSqliteLinking>true</StaticSqliteLinking>";

    // Several tests publish it: it is restored and compiled once.
    private UserFolder _inOneFile = null!;

    [OneTimeSetUp]
    public void WriteProject() => _inOneFile = Project(InOneFile);

    [SetUp]
    public void RequireRoot() => Tools.Require();

    [Test]
    public Task It_publishes_without_a_warning_and_keeps_what_it_stores() =>
        AssertPublishesAndStoresAsync(Project(""), "libe_sqlite3.so", "overlay-snapshotter");

    [Test]
    public async Task It_publishes_as_one_file_and_keeps_what_it_stores()
    {
        Tools.RequireStaticSqlite();
        await AssertPublishesAndStoresAsync(_inOneFile, "overlay-snapshotter");
    }

    [TestCase("/missing/libsqlite3.a", "but /missing/libsqlite3.a does not exist: install Debian's package libsqlite3-dev")]
    [TestCase("", "is not known: set the property StaticSqliteLibrary")]
    public async Task It_ends_with_one_sentence_if_the_static_library_is_missing(string library, string message)
    {
        var published = await _inOneFile.PublishAsync("Overlay", "-c", "Release", $"-p:StaticSqliteLibrary={library}");

        Assert.Multiple(() =>
        {
            Assert.That(published.Diagnostics(), Is.EqualTo(new[] { "error SNAPPKG2" }), published.ToString());
            Assert.That(published.Output, Does.Contain(message));
            Assert.That(published.ExitCode, Is.Not.Zero);
        });
    }

    private static async Task AssertPublishesAndStoresAsync(UserFolder user, params string[] files)
    {
        var published = await user.PublishAsync("Overlay", "-c", "Release", "-o", user.PathOf("out"));

        Assert.That(published.Diagnostics(), Is.Empty, published.ToString());
        published.AssertSucceeded();
        Assert.That(Directory.GetFileSystemEntries(user.PathOf("out")).Select(Path.GetFileName), Is.EquivalentTo(files));
        await AssertStoresAsync(user.PathOf("out/overlay-snapshotter"));
    }

    private static async Task AssertStoresAsync(string binary)
    {
        // Not in the user's folder: the path of a Unix socket has at most 107 bytes.
        var folder = Directory.CreateTempSubdirectory("overlay-");
        try
        {
            await using (var killed = await NativeProcess.StartAsync(binary, folder))
            {
                killed.Calls.Prepare(new() { Key = "key" });
                killed.Calls.Commit(new() { Name = "base", Key = "key" });
                await killed.StopAsync("KILL");
            }

            await using var process = await NativeProcess.StartAsync(binary, folder);
            Assert.That(process.Calls.Stat(new() { Key = "base" }).Info.Kind, Is.EqualTo(Kind.Committed));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static UserFolder Project(string property)
    {
        var user = new UserFolder().Project(
            "Overlay",
            $"{Settings}\n{property}",
            $"""
            <PackageReference Include="Snapshots.Hosting" Version="{PackedPackage.Version}" />
                <PackageReference Include="Snapshots.Overlay" Version="{PackedPackage.Version}" />
                <PackageReference Include="Snapshots.Storage" Version="{PackedPackage.Version}" />
            """);
        foreach (var source in Directory.GetFiles(Repository.PathOf("samples/Overlay"), "*.cs").Where(static source => !source.EndsWith("OtlpExport.cs", StringComparison.Ordinal)))
            user.File($"Overlay/{Path.GetFileName(source)}", File.ReadAllText(source));

        return user;
    }
}
