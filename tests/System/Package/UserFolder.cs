namespace Containerd.Snapshots.Tests.Package;

/// <summary>A user's folder with projects in it, outside the repository.</summary>
internal sealed class UserFolder
{
    /// <summary>Warnings of all analyzers are errors.</summary>
    public const string Strict = """
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <AnalysisMode>All</AnalysisMode>
            <EnforceCodeStyleInBuild>true</EnforceCodeStyleInBuild>
            <GenerateDocumentationFile>true</GenerateDocumentationFile>
        """;

    private readonly string _path;

    public UserFolder() => _path = Directory.CreateDirectory(Path.Combine(PackedPackage.Box, Path.GetRandomFileName())).FullName;

    public string PathOf(string relative) => Path.Combine(_path, relative);

    /// <summary>A project that references the package, unless <paramref name="references"/> says otherwise.</summary>
    public UserFolder Project(string name, string properties = "", string? references = null) => File(
        $"{name}/{name}.csproj",
        $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <InvariantGlobalization>true</InvariantGlobalization>
        {properties}
          </PropertyGroup>
          <ItemGroup>
            {references ?? $"""<PackageReference Include="Snapshots.Hosting" Version="{PackedPackage.Version}" />"""}
          </ItemGroup>
        </Project>

        """);

    public UserFolder File(string relative, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(relative))!);
        System.IO.File.WriteAllText(PathOf(relative), content);
        return this;
    }

    public Task<CommandResult> BuildAsync(string project, params IReadOnlyList<string> options) =>
        DotNetAsync("build", project, options);

    public Task<CommandResult> PublishAsync(string project, params IReadOnlyList<string> options) =>
        DotNetAsync("publish", project, options);

    private Task<CommandResult> DotNetAsync(string command, string project, IReadOnlyList<string> options) => DotNet.BuildAsync(
        [
            command, PathOf(project), .. options,
            $"-p:RestorePackagesPath={PackedPackage.Packages}",
            $"-p:RestoreFallbackFolders={PackedPackage.FallbackPackages}",
        ]);
}
