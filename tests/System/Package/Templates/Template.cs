using System.Collections.Concurrent;

namespace Containerd.Snapshots.Tests.Package.Templates;

/// <summary>"dotnet new snapshotter" of the packed package. The list of installed templates is kept in the box, too.</summary>
internal static class Template
{
    private static readonly Lazy<Task<string>> Hive = new(InstallAsync);
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Created = [];

    /// <summary>A build's settings for a script: the packed packages stay out of the machine's folder.</summary>
    public static IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>(DotNet.Environment)
    {
        ["RestorePackagesPath"] = PackedPackage.Packages,
        ["RestoreFallbackFolders"] = PackedPackage.FallbackPackages,
        ["UseSharedCompilation"] = "false",
    };

    /// <summary>The folder that the template creates for a name. Tests share it.</summary>
    public static Task<string> CreateAsync(string name) =>
        Created.GetOrAdd(name, static name => new(() => NewAsync(name))).Value;

    public static Task<CommandResult> BuildAsync(string folder, params IReadOnlyList<string> options) =>
        Command.RunAsync(["dotnet", "build", folder, .. options, "-tl:off"], Environment, DotNet.Limit);

    private static async Task<string> NewAsync(string name)
    {
        var folder = Path.Combine(PackedPackage.Box, "created", name);
        var hive = await Hive.Value;
        (await DotNet.RunAsync("new", "snapshotter", "--name", name, "--output", folder, "--debug:custom-hive", hive)).AssertSucceeded();
        return folder;
    }

    private static async Task<string> InstallAsync()
    {
        var hive = Path.Combine(PackedPackage.Box, "hive");
        (await DotNet.RunAsync("new", "install", PackedPackage.Templates, "--debug:custom-hive", hive)).AssertSucceeded();
        return hive;
    }
}
