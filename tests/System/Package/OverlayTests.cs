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

    // Several tests publish it: it is restored and compiled once.
    private UserFolder _user = null!;

    [OneTimeSetUp]
    public void WriteProject() => _user = Project();

    [SetUp]
    public void RequireRoot() => Tools.Require();

    // The template's tests publish a program as one file.
    [Test]
    [Category("Long")]
    public async Task It_publishes_without_a_warning_and_keeps_what_it_stores()
    {
        var published = await _user.PublishAsync("Overlay", "-c", "Release", "-o", _user.PathOf("out"));

        Assert.That(published.Diagnostics(), Is.Empty, published.ToString());
        published.AssertSucceeded();
        Assert.That(Directory.GetFileSystemEntries(_user.PathOf("out")).Select(Path.GetFileName), Is.EquivalentTo(new[] { "libe_sqlite3.so", "overlay-snapshotter" }));
        await KilledProgram.AssertKeepsWhatItStoresAsync(_user.PathOf("out/overlay-snapshotter"));
    }

    [TestCase("/missing/libsqlite3.a", "but /missing/libsqlite3.a does not exist: install Debian's package libsqlite3-dev")]
    [TestCase("", "is not known: set the property StaticSqliteLibrary")]
    public async Task It_ends_with_one_sentence_if_the_static_library_is_missing(string library, string message)
    {
        var published = await _user.PublishAsync("Overlay", "-c", "Release", "-p:StaticSqliteLinking=true", $"-p:StaticSqliteLibrary={library}");

        Assert.Multiple(() =>
        {
            Assert.That(published.Diagnostics(), Is.EqualTo(new[] { "error SNAPPKG2" }), published.ToString());
            Assert.That(published.Output, Does.Contain(message));
            Assert.That(published.ExitCode, Is.Not.Zero);
        });
    }

    private static UserFolder Project()
    {
        var user = new UserFolder().Project(
            "Overlay",
            Settings,
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
