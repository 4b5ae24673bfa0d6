namespace Containerd.Snapshots.Tests.Package;

/// <summary>The packages, packed once for all tests as CI packs them, in a folder that is deleted with everything in it.</summary>
[SetUpFixture]
internal sealed class PackedPackage
{
    private static DirectoryInfo? _box;

    /// <summary>The folder for everything that the tests make; it is deleted at the end.</summary>
    public static string Box => _box!.FullName;

    /// <summary>The folder with the packages, which is a package source.</summary>
    public static string Source => Path.Combine(Box, "source");

    /// <summary>The packages folder of all tests: no packed package enters the machine's own.</summary>
    public static string Packages => Path.Combine(Box, "packages");

    public static string FallbackPackages { get; private set; } = "";

    public static string Version { get; private set; } = "";

    public static string FileName(string package, string extension) => Path.Combine(Source, $"{package}.{Version}.{extension}");

    /// <summary>The package of "dotnet new snapshotter".</summary>
    public static string Templates => FileName("Snapshots.Templates", "nupkg");

    [OneTimeSetUp]
    public async Task PackAllAsync()
    {
        _box = Directory.CreateTempSubdirectory("package-");
        await StopInheritanceAsync();
        (await DotNet.BuildAsync(
            "pack", await WriteSolutionAsync(), "-o", Source, "--artifacts-path", Path.Combine(Box, "artifacts"))).AssertSucceeded();

        var package = Path.GetFileNameWithoutExtension(Directory.GetFiles(Source, "Snapshots.Runtime.*.nupkg").Single());
        Version = package["Snapshots.Runtime.".Length..];
        var folder = (await DotNet.RunAsync("nuget", "locals", "global-packages", "--list")).AssertSucceeded();
        FallbackPackages = folder.Output.Split(':', 2)[1].Trim();
    }

    [OneTimeTearDown]
    public void Delete() => _box?.Delete(recursive: true);

    // One build packs all packages, and compiles each project once.
    private static async Task<string> WriteSolutionAsync()
    {
        string[] projects =
        [
            .. Directory.GetFiles(Repository.PathOf("src"), "*.csproj", SearchOption.AllDirectories),
            .. Directory.GetFiles(Repository.PathOf("templates"), "*.csproj"),
        ];
        var solution = Path.Combine(Box, "Packed.slnx");
        await File.WriteAllTextAsync(
            solution, $"<Solution>{string.Concat(projects.Select(project => $"<Project Path=\"{project}\" />"))}</Solution>\n");
        return solution;
    }

    // Projects in the box inherit no settings, wherever the temporary folder is. Package sources are the machine's and
    // the one in the box.
    private static async Task StopInheritanceAsync()
    {
        foreach (var name in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"])
            await File.WriteAllTextAsync(Path.Combine(Box, name), "<Project />\n");

        await File.WriteAllTextAsync(Path.Combine(Box, ".editorconfig"), "root = true\n");
        await File.WriteAllTextAsync(Path.Combine(Box, "global.json"), await File.ReadAllTextAsync(Repository.PathOf("global.json")));
        await File.WriteAllTextAsync(
            Path.Combine(Box, "nuget.config"),
            $"""
            <configuration>
              <packageSources>
                <add key="packed" value="{Source}" />
              </packageSources>
            </configuration>

            """);
    }
}
