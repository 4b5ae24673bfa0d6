using System.CommandLine;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Hosting.Setup;

namespace Containerd.Snapshots.Hosting.Configuration;

/// <summary>What containerd's configuration calls the snapshotters of a program.</summary>
internal static class PluginNames
{
    private const string Suffix = "-snapshotter";

    /// <summary>What a snapshotter without a name is called if nobody says anything else: as its program, without the ending.</summary>
    public static string Default { get; } = Trim(RootCommand.ExecutableName);

    /// <summary>The names that are meant.</summary>
    /// <param name="program">The program.</param>
    /// <param name="given">The name on the command line, or null.</param>
    /// <exception cref="SetupException">The program has no snapshotter of that name.</exception>
    public static IReadOnlyList<string> Choose(HostedProgram program, string? given)
    {
        if (given is "")
            throw new SetupException($"the name of {CommandNames.NameOption} is empty");

        if (!program.IsNamed)
            return [given ?? Default];

        var names = program.Snapshotters.Select(static snapshotter => snapshotter.Name!).ToList();
        if (given is null)
            return names;

        return names.Contains(given)
            ? [given]
            : throw new SetupException($"there is no snapshotter \"{given}\" in this program: choose one of {string.Join(", ", names)}");
    }

    private static string Trim(string executable) =>
        executable.Length > Suffix.Length && executable.EndsWith(Suffix, StringComparison.Ordinal) ? executable[..^Suffix.Length] : executable;
}
