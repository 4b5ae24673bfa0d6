using System.Text.RegularExpressions;

namespace Containerd.Snapshots.Tests.Package;

/// <summary>Runs the SDK's command without leaving a build server behind.</summary>
internal static partial class DotNet
{
    /// <summary>The limit of one command, on a busy machine.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Settings without build servers and without messages of the SDK about itself.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["CI"] = "true",
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false",
        ["DOTNET_CLI_UI_LANGUAGE"] = "en",
    };

    public static Task<CommandResult> RunAsync(params IReadOnlyList<string> arguments) =>
        Command.RunAsync(["dotnet", .. arguments], Environment, Limit);

    /// <summary>Runs a command that builds.</summary>
    public static Task<CommandResult> BuildAsync(params IReadOnlyList<string> arguments) =>
        RunAsync([.. arguments, "-nodeReuse:false", "-p:UseSharedCompilation=false", "-nologo", "-tl:off"]);

    /// <summary>Each different error and warning once, as <c>error SNAP0004</c>.</summary>
    public static string[] Diagnostics(this CommandResult result) =>
        [.. Diagnostic().Matches(result.Output + result.Error).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal)];

    [GeneratedRegex(@": ((?:error|warning) ?[A-Z]*[0-9]*)[ :]")]
    private static partial Regex Diagnostic();
}
