namespace Containerd.Snapshots.Tests.Package.Templates;

/// <summary>
/// "dotnet new snapshotter" of the packed package, for every content. One solution has all created projects: they are restored,
/// built and tested together.
/// </summary>
internal static class Template
{
    // These rules do not fit tests: only NUnit creates their classes, no caller blocks on their tasks, and their client's stream
    // owns its socket. The name 9p becomes the namespace _9P (CA1707).
    private static readonly string[] Strictest =
        ["-p:AnalysisLevel=latest-all", "-p:EnforceCodeStyleInBuild=true", "-p:GenerateDocumentationFile=true", "-p:NoWarn=CA1707%3BCA1812%3BCA2000%3BCA2007"];

    private static readonly Lazy<Task> Created = new(CreateAllAsync);
    private static readonly Lazy<Task<CommandResult>> Built = new(BuildAllAsync), Tested = new(TestAllAsync);

    public static string Folder => Path.Combine(PackedPackage.Box, "created");

    /// <summary>A build's settings for a script: the packed packages stay out of the machine's folder.</summary>
    public static IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>(DotNet.Environment)
    {
        ["RestorePackagesPath"] = PackedPackage.Packages,
        ["RestoreFallbackFolders"] = PackedPackage.FallbackPackages,
        ["UseSharedCompilation"] = "false",
    };

    private static string Solution => Path.Combine(Folder, "All.slnx");

    /// <summary>Creates the project of each content.</summary>
    public static Task CreateAsync() => Created.Value;

    /// <summary>Builds all projects under the strictest rules.</summary>
    public static Task<CommandResult> BuildAsync() => Built.Value;

    /// <summary>Runs the tests of all projects.</summary>
    public static Task<CommandResult> TestAsync() => Tested.Value;

    private static async Task CreateAllAsync()
    {
        // The list of installed templates is kept in the box, too.
        string[] hive = ["--debug:custom-hive", Path.Combine(PackedPackage.Box, "hive")];
        (await DotNet.RunAsync(["new", "install", PackedPackage.Templates, .. hive])).AssertSucceeded();
        foreach (var project in CreatedProject.All)
        {
            string[] content = project == CreatedProject.Default ? [] : ["--content", project.Content];
            (await DotNet.RunAsync(["new", "snapshotter", "--name", project.Name, .. content, "--output", project.Folder, .. hive])).AssertSucceeded();
        }
    }

    private static async Task<CommandResult> BuildAllAsync()
    {
        await CreateAsync();
        var projects = Directory.GetFiles(Folder, "*.csproj", SearchOption.AllDirectories);
        await File.WriteAllTextAsync(Solution, $"<Solution>{string.Concat(projects.Select(path => $"<Project Path=\"{path}\" />"))}</Solution>\n");
        return await Command.RunAsync(["dotnet", "build", Solution, .. Strictest, "-tl:off"], Environment, DotNet.Limit);
    }

    private static async Task<CommandResult> TestAllAsync()
    {
        (await BuildAsync()).AssertSucceeded();
        return await Command.RunAsync(["dotnet", "test", Solution, "--no-build", "-tl:off"], Environment, DotNet.Limit);
    }
}
